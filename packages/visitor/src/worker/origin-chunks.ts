import { bodyStart, ChunkCutter, type CutChunk, rangeHeader } from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'
import { isChunk } from '../chunk-hash.ts'

/**
 * Verified chunks `first`..`last` from the origin, by one ranged request that is given up when the caller stops
 * early. An origin that ignores Range is read from its beginning. Throws when the origin fails, ends too early or
 * sends a byte that the manifest does not have.
 */
export async function* originChunks(asset: Asset, first: number, last: number): AsyncGenerator<CutChunk> {
  const start = first * asset.chunkSize
  const end = last * asset.chunkSize + chunkLength(asset, last) - 1
  const headers = { Range: rangeHeader(start, end) }
  const response = await fetch(asset.url, { headers, cache: 'no-store', credentials: 'same-origin' })
  const begin = bodyStart(response, asset.size)
  if (begin === null || begin > start || !response.body)
    throw new Error(`the origin answers ${response.status}`)
  const cutter = new ChunkCutter(asset, begin)
  let next = first
  // Leaving the loop, by return or by throw, cancels the body.
  for await (const part of response.body) {
    for (const chunk of cutter.push(part)) {
      if (chunk.index < next) continue
      if (!(await isChunk(asset, chunk.index, chunk.bytes))) throw new Error('the origin has other bytes now')
      yield chunk
      next = chunk.index + 1
      if (next > last) return
    }
  }
  throw new Error('the origin ends too early')
}
