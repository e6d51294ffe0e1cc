import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { assetId, anyBytes, peerId } from './arbitraries.testing.ts'
import { maxChunks } from './asset.ts'
import { chunkStatement, joinStatement, receiptStatement } from './statements.ts'

const chunk = fc
  .tuple(assetId, fc.nat({ max: maxChunks - 1 }), anyBytes({ minLength: 32, maxLength: 32 }))
  .map(([asset, index, hash]) => ({
    of: `${asset} ${index} ${hash.join()}`,
    bytes: chunkStatement(asset, index, hash),
  }))
const join = fc.string({ unit: 'binary' }).map((ticket) => ({ of: ticket, bytes: joinStatement(ticket) }))
const receipt = fc
  .tuple(peerId, fc.maxSafeNat())
  .map(([giver, bytes]) => ({ of: `${giver} ${bytes}`, bytes: receiptStatement(giver, bytes) }))

test('no two statements of one or two kinds have the same bytes', () => {
  for (const [a, b] of [
    [chunk, chunk],
    [join, join],
    [receipt, receipt],
  ] as const) {
    fc.assert(
      fc.property(a, b, (one, other) => {
        assert.equal(Buffer.compare(one.bytes, other.bytes) === 0, one.of === other.of)
      }),
    )
  }
  fc.assert(
    fc.property(chunk, join, receipt, (...statements) => {
      const kinds = statements.map(({ bytes }) =>
        Buffer.from(bytes.subarray(0, bytes.indexOf(10))).toString(),
      )
      assert.deepEqual(kinds, ['peerpress chunk 1', 'peerpress join 1', 'peerpress receipt 1'])
    }),
  )
})
