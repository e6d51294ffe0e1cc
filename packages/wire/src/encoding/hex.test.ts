import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyBytes } from '../arbitraries.testing.ts'
import { decodeHex, encodeHex } from './hex.ts'
import { decodeOrRefuse } from '../mutation.testing.ts'
import { WireError } from '../wire-error.ts'

test('encodes lower-case hexadecimal and decodes it', () => {
  fc.assert(
    fc.property(anyBytes({ maxLength: 100 }), (bytes) => {
      const text = encodeHex(bytes)
      assert.equal(text, Buffer.from(bytes).toString('hex'))
      assert.deepEqual(decodeHex(text), bytes)
    }),
  )
})

test('refuses upper case, odd lengths and all other characters', () => {
  for (const text of ['A0', 'abc', '0x', 'g0', ' 00', '00\n']) {
    assert.throws(
      () => decodeHex(text),
      (error) => error instanceof WireError && error.code === 'malformed',
      text,
    )
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 6 }), (text) => {
      const bytes = decodeOrRefuse(() => decodeHex(text))
      if (bytes !== null) assert.equal(encodeHex(bytes), text)
    }),
  )
})
