import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyBytes } from '../arbitraries.testing.ts'
import { decodeBase64, decodeBase64Url, encodeBase64, encodeBase64Url } from './base64.ts'
import { decodeOrRefuse } from '../mutation.testing.ts'
import { WireError } from '../wire-error.ts'

const malformed = (error: unknown) => error instanceof WireError && error.code === 'malformed'

test('writes base64 and base64url as the platform does', () => {
  fc.assert(
    fc.property(anyBytes({ maxLength: 200 }), (bytes) => {
      assert.equal(encodeBase64(bytes), Buffer.from(bytes).toString('base64'))
      assert.equal(encodeBase64Url(bytes), Buffer.from(bytes).toString('base64url'))
    }),
  )
})

test('decodes every byte string it encoded', () => {
  fc.assert(
    fc.property(anyBytes({ maxLength: 200 }), (bytes) => {
      assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes)
      assert.deepEqual(decodeBase64Url(encodeBase64Url(bytes)), bytes)
    }),
  )
})

test('decodes byte strings that are longer than one block of the conversion', () => {
  const bytes = Uint8Array.from({ length: 8192 * 2 + 5 }, (_, i) => i * 31)
  assert.deepEqual(decodeBase64(encodeBase64(bytes)), bytes)
})

test('accepts only one spelling of each byte string', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'AQgw+/-_= \n'.split('')), maxLength: 9 }), (text) => {
      const bytes = decodeOrRefuse(() => decodeBase64(text))
      if (bytes !== null) assert.equal(encodeBase64(bytes), text)
      const urlBytes = decodeOrRefuse(() => decodeBase64Url(text))
      if (urlBytes !== null) assert.equal(encodeBase64Url(urlBytes), text)
    }),
    { numRuns: 2000 },
  )
})

test('refuses missing padding, white space, stray trailing bits and the other alphabet', () => {
  for (const text of ['QQ', 'QQ=', 'QR==', 'QUF=', ' QQ==', 'QQ==\n', '====', '-_==', 'QQ==QQ==', 'é===']) {
    assert.throws(() => decodeBase64(text), malformed, text)
  }
  for (const text of ['Q', 'QQ==', 'QR', '+/', 'QQ\n'])
    assert.throws(() => decodeBase64Url(text), malformed, text)
})
