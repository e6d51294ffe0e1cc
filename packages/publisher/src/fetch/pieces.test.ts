import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { inBlocks, joined } from './pieces.ts'

const bytes = randomBytes(300_000)

/**
 * Yields pieces that are overwritten when the next one is requested. Code that keeps a piece instead of copying its
 * bytes fails.
 */
async function* piecesOf(sizes: readonly number[]): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(Math.max(...sizes))
  for (let start = 0, n = 0; start < bytes.length; n++) {
    const size = bytes.copy(piece, 0, start, start + (sizes[n % sizes.length] ?? 1))
    yield piece.subarray(0, size)
    start += size
  }
}

describe('pieces of a body', () => {
  for (const sizes of [[1], [65_536], [65_537], [200_000], [1, 65_535, 7, 65_536, 100_000]]) {
    test(`of ${sizes.join(', ')} bytes are joined`, async () => {
      assert.ok((await joined(piecesOf(sizes))).equals(bytes))
    })

    test(`of ${sizes.join(', ')} bytes are combined into blocks`, async () => {
      const whole = Buffer.alloc(bytes.length)
      let length = 0
      let count = 0
      for await (const block of inBlocks(piecesOf(sizes))) {
        length += block.copy(whole, length)
        count++
      }
      assert.ok(whole.equals(bytes))
      assert.ok(count <= 12, `${count} blocks`)
    })
  }

  test('empty sequences yield no bytes and no block', async () => {
    async function* none() {}
    assert.equal((await joined(none())).length, 0)
    assert.deepEqual(await Array.fromAsync(inBlocks([])), [])
  })
})
