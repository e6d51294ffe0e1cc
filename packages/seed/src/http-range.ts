import { bodyStart, ChunkCutter, type CutChunk, type HttpSource, rangeHeader } from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'

/** ms without a byte after which a request to a server counts as failed; a narrow one may well take long. */
const silence = 8000

/**
 * Whole chunks, not verified, by one request for `first`..`last`; an origin that ignores Range sends those before too.
 * Throws when the server has no such answer, breaks it off, or is silent; also when `ended` is aborted.
 */
export async function* rangeOf(
  asset: Asset,
  { kind, url }: HttpSource,
  { first, last, ended }: { readonly first: number; readonly last: number; readonly ended: AbortSignal },
): AsyncGenerator<CutChunk> {
  const from = first * asset.chunkSize
  const range = rangeHeader(from, last * asset.chunkSize + chunkLength(asset, last) - 1)
  const silent = new AbortController()
  const wait = () => setTimeout(() => silent.abort(), silence)
  let patient = wait()
  try {
    const response = await fetch(url, {
      headers: { Range: range, 'Accept-Encoding': 'identity' },
      signal: AbortSignal.any([ended, silent.signal]),
    })
    const start = bodyStart(response, asset.size)
    if (start === null || start > from || (kind === 'mirror' && start < from) || !response.body)
      throw new Error(`the server answers ${response.status}`)
    const cutter = new ChunkCutter(asset, start)
    for await (const part of response.body) {
      // How long the caller takes is no silence of the server's.
      clearTimeout(patient)
      yield* cutter.push(part)
      patient = wait()
    }
  } finally {
    clearTimeout(patient)
  }
}
