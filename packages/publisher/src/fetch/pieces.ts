/**
 * Joins all pieces into one Buffer, which grows as they arrive. A site may send one byte at a time, and each piece is
 * an object.
 */
export async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  let whole = Buffer.allocUnsafe(blockSize)
  let length = 0
  for await (const piece of pieces) {
    if (length + piece.length > whole.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * whole.length, length + piece.length))
      whole.copy(larger, 0, 0, length)
      whole = larger
    }
    length += piece.copy(whole, length)
  }
  return whole.subarray(0, length)
}

/** Combines pieces into blocks that are worth a write. Each block is only valid until the next one is requested. */
export async function* inBlocks(pieces: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafe(blockSize)
  let length = 0
  for await (const piece of pieces) {
    if (length + piece.length > blockSize) {
      if (length > 0) yield block.subarray(0, length)
      length = 0
    }
    if (piece.length > blockSize) yield piece
    else length += piece.copy(block, length)
  }
  if (length > 0) yield block.subarray(0, length)
}

/** bytes */
const blockSize = 64 * 1024
