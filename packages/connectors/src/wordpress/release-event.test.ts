import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReleaseEvent } from './release-event.ts'

const part = { component: 'plugin akismet', version: '5.3.1' }
const event = {
  home_url: 'https://blog.example',
  type: 'site.released',
  timestamp: '2026-05-01T12:00:00Z',
  data: { releases: [part, { component: 'theme twentytwentyfive', version: '1.2-beta+3' }] },
}
const read = (content: unknown, tally = { unknownFields: 0 }) =>
  readReleaseEvent({ id: 'evt_1', sentAt: new Date(), homeUrl: null, content }, tally)

test('an event of released parts is decoded, and other messages are not', () => {
  assert.deepEqual(read(event), { at: new Date(event.timestamp), parts: event.data.releases })
  for (const other of [null, [], { type: 'post.published' }, { type: 'batch', events: [] }]) {
    assert.equal(read(other), null)
  }
})

test('unknown fields of a later release are dropped and counted', () => {
  const tally = { unknownFields: 0 }
  const later = { ...event, data: { releases: [{ ...part, author: 'Somebody' }], php: '8.3' } }
  assert.deepEqual(read(later, tally)?.parts, [part])
  assert.equal(tally.unknownFields, 2)
})

for (const [what, change] of [
  ['no parts', []],
  ['51 parts', Array.from({ length: 51 }, () => part)],
  ['no list', part],
  ['the version of PeerPress', [{ ...part, component: 'PeerPress' }]],
  ['a path', [{ ...part, component: 'plugin ../../etc' }]],
  ['a component of two lines', [{ ...part, component: 'plugin a\nb' }]],
  ['a component that turns text around', [{ ...part, component: 'plugin \u202Ea' }]],
  ['a long component', [{ ...part, component: `plugin ${'a'.repeat(91)}` }]],
  ['an empty version', [{ ...part, version: '' }]],
  ['markup as a version', [{ ...part, version: '1<b>' }]],
  ['a formula as a version', [{ ...part, version: '=1+1' }]],
  ['a long version', [{ ...part, version: '1'.repeat(51) }]],
  ['a number as a version', [{ ...part, version: 5 }]],
] as const) {
  test(`an event with ${what} is refused`, () => {
    assert.throws(() => read({ ...event, data: { releases: change } }), { code: 'bad-event' })
  })
}

test('a refusal names the field, and does not repeat a long text', () => {
  const data = { releases: [{ ...part, version: '1'.repeat(10_000) }] }
  assert.throws(() => read({ ...event, data }), /^ConnectorError: data\.releases\.0\.version: .{1,201}$/)
})

test('an event without a time is refused', () => {
  assert.throws(() => read({ ...event, timestamp: 'now' }), { code: 'bad-event' })
})
