import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { beforeEach, test } from 'node:test'
import { MemoryChunks } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import { ChunkWriter } from './chunk-writer.ts'
import { Guard } from './guard.ts'
import { namesOf, SeedStore } from './seed-store.ts'

const chunks = ['first', 'other'].map((text) => new TextEncoder().encode(text))
const hashes = chunks.map((chunk) => createHash('sha256').update(chunk).digest())
const asset: Asset = {
  id: 'a'.repeat(64),
  url: 'https://example.org/file',
  type: '',
  size: 10,
  chunkSize: 5,
  hashes: new Uint8Array(Buffer.concat(hashes)),
}
const [firstName = '', otherName = ''] = namesOf(asset)
let disk: MemoryChunks
let lost: number[]
let writer: ChunkWriter
let store: SeedStore

beforeEach(() => {
  disk = new MemoryChunks({ maxBytes: 100 })
  lost = []
  writer = new ChunkWriter(disk, { guard: new Guard(), onStored: () => {}, onStuck: () => {} })
  store = new SeedStore({ disk, writer, onLost: (_, index) => lost.push(index) })
})

test('has the chunks that are on the disk, by their hash', async () => {
  const [first, other] = chunks as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
  assert.deepEqual([store.has(asset, 0), store.hasAll(asset)], [false, false])
  store.put(asset, 0, first)
  await writer.settled()
  assert.ok(disk.has(firstName))
  assert.deepEqual([store.has(asset, 0), store.hasAll(asset)], [true, false])
  store.put(asset, 1, other)
  await writer.settled()
  assert.ok(store.hasAll(asset))
  assert.deepEqual(await store.get(asset, 1), other)
  assert.deepEqual(lost, [])
})

test('reports a chunk whose file was removed or changed as lost, and does not serve it', async () => {
  assert.equal(await store.get(asset, 0), undefined)
  await disk.put(otherName, new TextEncoder().encode('OTHER'))
  assert.equal(await store.get(asset, 1), undefined)
  assert.equal(disk.has(otherName), false)
  assert.deepEqual(lost, [0, 1])
})

test('reports a chunk that cannot be stored as lost', () => {
  writer.close()
  store.put(asset, 1, chunks[1] as Uint8Array<ArrayBuffer>)
  assert.deepEqual(lost, [1])
})
