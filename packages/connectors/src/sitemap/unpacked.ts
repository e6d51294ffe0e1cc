import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UnreadableSitemap } from './sitemap-parser.ts'

/** Maximum size of a piece, bytes. Other work of the process runs between two pieces. */
const pieceSize = 64 * 1024

/**
 * Yields the bytes of a sitemap in small pieces, and unpacks a `.gz` file, which is recognized by its first bytes.
 * @throws {UnreadableSitemap} if the file is damaged, or has more than `limit` bytes.
 */
export async function* unpacked(
  source: AsyncIterable<Uint8Array>,
  limit: number,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const piece of pieces(source)) {
    size += piece.length
    if (size > limit) throw new UnreadableSitemap(`it has more than ${limit} bytes`)
    yield piece
  }
}

async function* pieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const [head, all] = await withHead(source)
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* all
    return
  }
  const unpacking = pipeline(Readable.from(all), createGunzip({ chunkSize: pieceSize }), () => {})
  try {
    yield* unpacking
  } catch (error) {
    if (isDamage(error))
      throw new UnreadableSitemap('its gzip data is damaged or incomplete', { cause: error })
    throw error
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

/** Returns at least the first two bytes, and all bytes in small pieces. */
async function withHead(
  source: AsyncIterable<Uint8Array>,
): Promise<readonly [head: Uint8Array, all: AsyncGenerator<Uint8Array>]> {
  const rest = inPieces(source)
  let head: Uint8Array = new Uint8Array()
  while (head.length < 2) {
    const next = await rest.next()
    if (next.done === true) break
    head = Buffer.concat([head, next.value])
  }
  return [head, joined(head, rest)]
}

async function* joined(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head
  yield* rest
}

async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    for (let start = 0; start < piece.length; start += pieceSize)
      yield piece.subarray(start, start + pieceSize)
  }
}
