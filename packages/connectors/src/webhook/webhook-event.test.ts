import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { canonicalUrl, postIdOf } from '../canonical-url.ts'
import { readWebhook } from './webhook-event.ts'

const secret = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0'
const url = 'https://blog.example/one/'
const event = { type: 'post.published', timestamp: '2026-01-01T00:00:00Z', data: { url } }

function read(content: unknown) {
  const body = JSON.stringify(content)
  const at = new Date()
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  }
  return readWebhook({ secret, headers, body: Buffer.from(body) })
}

describe('an event of a webhook', () => {
  test('names its post by its canonical URL, and a withdrawal is final', () => {
    const post = postIdOf(canonicalUrl(url) ?? assert.fail())
    const saidAt = new Date(event.timestamp)
    assert.deepEqual(read({ ...event, data: { url: `${url}?utm_source=cms#top` } }).events, [
      { id: 'msg_1', post, url, statement: { says: 'published', saidAt } },
    ])
    for (const type of ['post.unpublished', 'post.deleted'])
      assert.deepEqual(read({ ...event, type }).events[0]?.statement, { says: 'withdrawn', saidAt })
  })

  test('of a batch is accepted although another one is malformed', () => {
    const { isBatch, events, refused } = read({
      type: 'batch',
      events: [
        { ...event, id: 'a' },
        { ...event, id: 'b', type: 'post.liked' },
      ],
    })
    assert.ok(isBatch)
    assert.deepEqual(
      [events.map(({ id }) => id), refused.map(({ id, code }) => `${id} ${code}`)],
      [['a'], ['b bad-event']],
    )
  })

  for (const [what, content] of [
    ['no object', 12],
    ['no address', { ...event, data: {} }],
    ['an address of no page', { ...event, data: { url: 'javascript:1' } }],
    ['an address with credentials', { ...event, data: { url: 'https://u:p@blog.example/' } }],
    ['no time', { ...event, timestamp: 'now' }],
    ['a time before 1970', { ...event, timestamp: '1969-01-01T00:00:00Z' }],
    ['an unknown type', { ...event, type: 'post.liked' }],
    ['an empty batch', { type: 'batch', events: [] }],
    ['too large a batch', { type: 'batch', events: Array.from({ length: 101 }, (_, n) => ({ id: `${n}` })) }],
  ] as const) {
    test(`is refused with ${what}, even if signed`, () => {
      assert.throws(() => read(content), { name: 'ConnectorError', code: 'bad-event' })
    })
  }
})
