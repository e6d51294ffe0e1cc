import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Chunk, ChunkMap } from './chunk-map.ts'
import { makeContent } from '../simulation/content.testing.ts'

const { asset } = makeContent({ size: 9 * 4096 + 1 })

test('a chunk cannot skip verification', () => {
  const map = new ChunkMap(asset)
  for (const state of [Chunk.missing, Chunk.requested]) {
    if (state !== Chunk.missing) map.move(0, state)
    assert.throws(() => map.markStored(0, { kind: 'origin' }), /cannot go/)
  }
  map.move(0, Chunk.verifying)
  map.markStored(0, { kind: 'origin' })
  assert.equal(map.state(0), Chunk.have)
})

test('a chunk that we have cannot be requested or fetched, but it can be lost', () => {
  const map = new ChunkMap(asset)
  map.move(0, Chunk.verifying)
  map.markStored(0, { kind: 'local' })
  for (const state of [Chunk.requested, Chunk.fetching, Chunk.verifying, Chunk.have])
    assert.throws(() => map.move(0, state), /cannot go/)
  map.move(0, Chunk.missing)
  assert.equal(map.state(0), Chunk.missing)
})

test("sets the bitfield's bit of every chunk we have and no other, most significant bit first", () => {
  const map = new ChunkMap(asset)
  assert.equal(map.count, 10)
  for (const index of [0, 2, 9]) {
    map.move(index, Chunk.verifying)
    map.markStored(index, { kind: 'local' })
  }
  map.move(3, Chunk.verifying)
  assert.deepEqual(map.bits(), new Uint8Array([0b1010_0000, 0b0100_0000]))
})

test('the last chunk has the remaining length', () => {
  const map = new ChunkMap(asset)
  assert.deepEqual([map.length(0), map.length(9)], [4096, 1])
})
