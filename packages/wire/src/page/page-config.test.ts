import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { pageConfig } from '../arbitraries.testing.ts'
import { encodeBase64Url } from '../encoding/base64.ts'
import { decodeOrRefuse, hostileText, weight } from '../mutation.testing.ts'
import { decodePageConfig, encodePageConfig, type PageConfig } from './page-config.ts'
import { WireError } from '../wire-error.ts'

const plain: PageConfig = {
  site: 'abcdefgh01234567',
  post: null,
  server: 'https://peerpress.example',
  key: encodeBase64Url(new Uint8Array(32)),
  mode: 'full',
  consent: 'required',
  control: 0.1,
  worker: 'https://blog.example/?peerpress=worker',
  scripts: { rum: 'https://blog.example/rum.js', swarm: 'https://blog.example/swarm.js' },
}

test('decodes every configuration it encoded', () => {
  fc.assert(
    fc.property(pageConfig, (value) => assert.deepEqual(decodePageConfig(encodePageConfig(value)), value)),
  )
})

test('refuses hostile text with a typed error and holds no more data than the input', () => {
  fc.assert(
    fc.property(hostileText(pageConfig.map(encodePageConfig)), (text) => {
      const value = decodeOrRefuse(() => decodePageConfig(text))
      if (value !== null) assert.ok(weight(value) <= text.length)
    }),
    { numRuns: 500 },
  )
})

test('cannot end the script element that contains it', () => {
  const worker = '/</script><!--<script>'
  const text = encodePageConfig({ ...plain, worker })
  assert.ok(!text.includes('<'))
  assert.equal(decodePageConfig(text).worker, worker)
})

test('refuses a key that is not the encoding of 32 bytes', () => {
  for (const key of ['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}B`, `${'A'.repeat(42)}+`]) {
    assert.throws(
      () => decodePageConfig(encodePageConfig({ ...plain, key })),
      (error) => error instanceof WireError && error.path === 'key',
    )
  }
})

test('refuses a control share that is not a ratio', () => {
  for (const control of [-0.1, 1.1, Number.NaN]) {
    assert.throws(() => decodePageConfig(encodePageConfig({ ...plain, control })), WireError)
  }
})

test('refuses the consent policy `notice` without a notice', () => {
  assert.throws(() => decodePageConfig(encodePageConfig({ ...plain, consent: 'notice' })), WireError)
  const notice = { script: '/notice.js' }
  assert.deepEqual(decodePageConfig(encodePageConfig({ ...plain, consent: 'notice', notice })).notice, notice)
})
