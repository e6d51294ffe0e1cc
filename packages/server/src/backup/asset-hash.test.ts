import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { AssetHash } from './asset-hash.ts'

function sha256(...bytes: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(bytes)).digest()
}

test("an asset's id depends on its bytes, not on the pieces in which they arrive", () => {
  const bytes = randomBytes(1000)
  for (const size of [0, 1, 99, 100, 101, 200, 1000]) {
    const of = bytes.subarray(0, size)
    const chunks = Array.from({ length: Math.ceil(size / 100) }, (_, i) =>
      of.subarray(i * 100, i * 100 + 100),
    )
    const expected = sha256(...chunks.map((chunk) => sha256(chunk))).toString('hex')
    for (const piece of [1, 7, 100, 333, 1000]) {
      const hash = new AssetHash(100)
      for (let at = 0; at < size; at += piece) hash.update(of.subarray(at, at + piece))
      assert.equal(hash.digest(), expected, `${size} bytes by ${piece}`)
    }
  }
})
