import { pipeline, type Readable, type Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'
import { PublisherError } from '../publisher-error.ts'

/** As many as curl decodes; each takes memory. */
const maxCodings = 5

/** Maximum window that browsers accept (RFC 9659), as a power of two: 8 MiB. Zstandard itself allows 128 MiB. */
const zstdWindow = { [constants.ZSTD_d_windowLogMax]: 23 }

/** Decoders for the codings that browsers support. `deflate` stands for two formats, which differ in the first byte. */
const decoders: Readonly<Record<string, (first: number) => Transform>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress({ params: zstdWindow }),
  deflate: (first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw()),
}

/**
 * Decodes the body as browsers do (Fetch standard, "handle content codings"), regardless of the requested coding. With
 * an unknown coding, such as `none` or `UTF-8`, the bytes stay unchanged.
 * @throws {PublisherError} `bad-encoding` while the body is read.
 */
export async function* decodeContent(body: Readable, header: string | null): AsyncGenerator<Buffer> {
  const codings = (header ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const known = codings.flatMap((name) => (Object.hasOwn(decoders, name) ? (decoders[name] ?? []) : []))
  if (codings.length > maxCodings) throw new PublisherError('bad-encoding', 'too many content codings')
  const wanted = known.length === codings.length ? known.toReversed() : []
  const [first, ...rest] = wanted
  if (first === undefined) {
    yield* body
    return
  }
  try {
    let decoded: AsyncIterable<Buffer> = await decode(body, first)
    for (const next of rest) decoded = await decode(decoded, next)
    yield* decoded
  } catch (error) {
    throw isBadData(error)
      ? new PublisherError('bad-encoding', 'its content coding is invalid', { cause: error })
      : error
  }
}

async function decode(
  source: AsyncIterable<Buffer>,
  decoder: (first: number) => Transform,
): Promise<AsyncIterable<Buffer>> {
  const pieces = source[Symbol.asyncIterator]()
  let head = await pieces.next()
  while (head.done !== true && head.value.length === 0) head = await pieces.next()
  // An empty body is empty in every coding. Many servers label an empty body as gzip.
  if (head.done === true) return nothing()
  return pipeline(withHead(head.value, pieces), decoder(head.value[0] ?? 0), () => {})
}

async function* withHead(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield head
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

async function* nothing(): AsyncGenerator<Buffer> {}

/**
 * Returns whether the data is invalid. A missing end (`Z_BUF_ERROR`) may come from a broken connection, so another
 * attempt may succeed.
 */
function isBadData(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code !== 'Z_BUF_ERROR' && /^(?:Z_|ZSTD_|ERR__ERROR_)/.test(code)
}
