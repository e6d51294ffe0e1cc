import { cutChunks } from '@peerpress/peer'
import { bodyStart, type CutChunk } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'

/**
 * Whole chunks of an asset that the HTTP cache holds, not verified; none when it does not hold it. The cache cannot be
 * asked about other origins without a request.
 */
export async function* cachedChunks(asset: Asset): AsyncGenerator<CutChunk> {
  if (new URL(asset.url).origin !== location.origin) return
  const response = await fetch(asset.url, { cache: 'only-if-cached', mode: 'same-origin', priority: 'low' })
  const begin = bodyStart(response, asset.size)
  if (begin !== null) yield* cutChunks(asset, response, { begin })
}
