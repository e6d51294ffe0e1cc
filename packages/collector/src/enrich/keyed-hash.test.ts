import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { KeyedHash } from './keyed-hash.ts'

test('is HMAC-SHA-256, whatever the text is and however long', () => {
  const key = randomBytes(32)
  const keyed = new KeyedHash(key)
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.nat(1500).map((length) => 'ü€'.repeat(length)),
  )
  fc.assert(
    fc.property(texts, (text) =>
      assert.equal(keyed.of(text), createHmac('sha256', key).update(text).digest('hex')),
    ),
  )
})

// RFC 4231, test case 2.
test('is what the RFC says', () => {
  assert.equal(
    new KeyedHash(Buffer.from('Jefe')).of('what do ya want for nothing?'),
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})
