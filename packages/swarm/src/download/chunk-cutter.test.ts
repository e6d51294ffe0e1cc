import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asset } from '@peerpress/wire'
import fc from 'fast-check'
import { ChunkCutter } from './chunk-cutter.ts'

const chunkSize = 64 * 1024

function assetOf(size: number): Asset {
  return { id: '', url: '', type: 'a/b', size, chunkSize, hashes: new Uint8Array() }
}

function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255)
}

test('cuts an asset into whole chunks in order, however its bytes are split on arrival', () => {
  const bytes = bytesOf(3 * chunkSize + 1000)
  const asset = assetOf(bytes.length)
  fc.assert(
    fc.property(
      fc.nat(bytes.length - 1),
      fc.array(fc.integer({ min: 1, max: 2 * chunkSize }), { minLength: 1, maxLength: 20 }),
      (start, lengths) => {
        const cutter = new ChunkCutter(asset, start)
        const chunks = []
        let position = start
        for (let i = 0; position < bytes.length; i++) {
          const end = position + (lengths[i % lengths.length] as number)
          chunks.push(...cutter.push(bytes.subarray(position, end)))
          position = end
        }
        const first = Math.ceil(start / chunkSize)
        assert.deepEqual(
          chunks.map(({ index }) => index),
          [0, 1, 2, 3].slice(first),
        )
        for (const { index, bytes: chunk } of chunks) {
          assert.equal(Buffer.compare(chunk, bytes.subarray(index * chunkSize, (index + 1) * chunkSize)), 0)
        }
      },
    ),
    { numRuns: 50 },
  )
})

test('ignores bytes past the end of the asset', () => {
  const cutter = new ChunkCutter(assetOf(10), 0)
  assert.deepEqual(
    cutter.push(bytesOf(25)).map(({ bytes }) => bytes.length),
    [10],
  )
  assert.deepEqual(cutter.push(bytesOf(5)), [])
})

test('returns no incomplete chunk of an asset that ends too early', () => {
  const cutter = new ChunkCutter(assetOf(chunkSize + 10), 0)
  assert.deepEqual(
    cutter.push(bytesOf(chunkSize + 9)).map(({ index }) => index),
    [0],
  )
})
