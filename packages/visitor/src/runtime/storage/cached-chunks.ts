import { cutChunks } from '@peerpress/peer'
import { bodyStart, type CutChunk } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import { cachedResponse } from '../../cached-response.ts'

/**
 * Yields the whole chunks of an asset that the HTTP cache holds, not verified; none if it does not hold the asset, or if
 * the asset is on another origin, which cannot be read without a request.
 */
export async function* cachedChunks(asset: Asset): AsyncGenerator<CutChunk> {
  if (new URL(asset.url).origin !== location.origin) return
  const response = await cachedResponse(asset.url)
  const begin = bodyStart(response, asset.size)
  if (begin !== null) yield* cutChunks(asset, response, { begin })
}
