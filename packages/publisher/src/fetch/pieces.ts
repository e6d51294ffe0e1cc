/** All pieces as one Buffer. It grows as they come: a site may send one byte at a time, and each is an object. */
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

/** The same bytes in pieces that are worth a write. Each is only valid until the next is asked for. */
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
