import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodePageConfig, type PageConfig } from '@peerpress/wire'
import fc from 'fast-check'
import { readConfig } from './read-config.ts'

const config: PageConfig = {
  site: 'abcdefghij123456',
  post: '12',
  server: 'https://peerpress.example',
  key: 'A'.repeat(43),
  mode: 'full',
  consent: 'assumed',
  control: 0.05,
  worker: '/?peerpress=worker',
  scripts: { rum: 'https://peerpress.example/v1/rum.js', swarm: 'https://peerpress.example/v1/swarm.js' },
}

test('reads what wire reads', () => {
  const asking = { ...config, consent: 'notice' as const, notice: { script: '/notice.js' } }
  const modes = (['seeds-only', 'off'] as const).map((mode) => ({ ...config, mode }))
  for (const sound of [config, asking, { ...config, post: null }, ...modes]) {
    const text = JSON.stringify(sound)
    assert.deepEqual(readConfig(text), decodePageConfig(text))
  }
})

test('reads the configuration of a later release, whose other fields it does not know', () => {
  const scripts = { ...config.scripts, also: 'https://peerpress.example/v1/also.js' }
  const notice = { script: '/notice.js', tone: 'kind' }
  const text = JSON.stringify({ ...config, scripts, notice, since09: { a: [1] } })
  assert.notEqual(readConfig(text), null)
  assert.deepEqual(decodePageConfig(text), { ...config, notice: { script: '/notice.js' } })
})

test('a configuration with any field missing or of another kind is none', () => {
  for (const field of Object.keys(config)) {
    assert.equal(readConfig(JSON.stringify({ ...config, [field]: undefined })), null, field)
    assert.equal(readConfig(JSON.stringify({ ...config, [field]: { a: 1 } })), null, field)
  }
})

test('the policy that shows a notice is nothing without the notice', () => {
  assert.equal(readConfig(JSON.stringify({ ...config, consent: 'notice' })), null)
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(readConfig(text), null)
    }),
  )
})
