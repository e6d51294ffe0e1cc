import { bodyStart, ChunkCutter, type CutChunk, rangeHeader } from '@peerpress/swarm'
import { type Asset, chunkLength } from '@peerpress/wire'

/** ms after which an origin that has not sent everything counts as failed. */
const fetchTimeout = 60_000

/**
 * Chunks of an asset from the origin, not verified, by one ranged request. An origin that ignores Range yields
 * every chunk from the first on. Throws when the origin fails.
 */
export async function* fetchChunks(asset: Asset, first: number, last: number): AsyncGenerator<CutChunk> {
  const range = rangeHeader(first * asset.chunkSize, last * asset.chunkSize + chunkLength(asset, last) - 1)
  // The worker leaves every cache mode but the default alone, so this does not come back to us as a demand.
  const response = await fetch(asset.url, {
    headers: { Range: range },
    cache: 'no-store',
    signal: AbortSignal.timeout(fetchTimeout),
  })
  yield* chunksOf(asset, response)
}

/** Whole chunks of an asset that the HTTP cache holds, not verified; none when it does not hold it. */
export async function* cachedChunks(asset: Asset): AsyncGenerator<CutChunk> {
  const response = await fetch(asset.url, { cache: 'only-if-cached', mode: 'same-origin', priority: 'low' })
  yield* chunksOf(asset, response)
}

async function* chunksOf(asset: Asset, response: Response): AsyncGenerator<CutChunk> {
  const start = bodyStart(response, asset.size)
  if (start === null || !response.body) throw new Error(`the origin answers ${response.status}`)
  const cutter = new ChunkCutter(asset, start)
  const reader = response.body.getReader()
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read())
      yield* cutter.push(part.value)
  } finally {
    // Safari cannot iterate a body; what is left of it is not wanted.
    void reader.cancel().catch(() => {})
  }
}
