import { bodyStart, ChunkCutter, type CutChunk, rangeHeader } from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'
import { isChunk } from '../chunk-hash.ts'
import type { HttpSource } from '../http-sources.ts'

/** A chunk and the server that sent it. */
export interface HttpChunk extends CutChunk {
  readonly source: HttpSource['kind']
}

/**
 * Verified chunks `first`..`last`, by one ranged request to each server in turn until one goes on to the end; it is given
 * up when the caller stops early. A server that ignores Range is read from its beginning. Throws when all fail, end too
 * early or send a byte that the manifest does not have.
 */
export async function* httpChunks(
  asset: Asset,
  { first, last }: { readonly first: number; readonly last: number },
  sources: readonly HttpSource[],
): AsyncGenerator<HttpChunk> {
  let next = first
  let failure: unknown
  for (const { kind, url } of sources) {
    try {
      for await (const chunk of rangeOf({ ...asset, url }, next, last)) {
        next++
        yield { ...chunk, source: kind }
      }
      return
    } catch (cause) {
      failure = cause
    }
  }
  throw failure
}

async function* rangeOf(asset: Asset, first: number, last: number): AsyncGenerator<CutChunk> {
  const start = first * asset.chunkSize
  const end = last * asset.chunkSize + chunkLength(asset, last) - 1
  const headers = { Range: rangeHeader(start, end) }
  const response = await fetch(asset.url, { headers, cache: 'no-store', credentials: 'same-origin' })
  const begin = bodyStart(response, asset.size)
  if (begin === null || begin > start || !response.body)
    throw new Error(`the server answers ${response.status}`)
  const cutter = new ChunkCutter(asset, begin)
  let next = first
  // Leaving the loop, by return or by throw, cancels the body.
  for await (const part of response.body) {
    for (const chunk of cutter.push(part)) {
      if (chunk.index < next) continue
      if (!(await isChunk(asset, chunk.index, chunk.bytes))) throw new Error('the server has other bytes now')
      yield chunk
      next = chunk.index + 1
      if (next > last) return
    }
  }
  throw new Error('the server ends too early')
}
