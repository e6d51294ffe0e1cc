import type { CutChunk } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import { withoutFragment } from '../without-fragment.ts'
import { cachedChunks } from './http-fetcher.ts'

/** Whom {@link watchLoadedAssets} tells. */
export interface LoadedAssetsOptions {
  readonly onLoaded: (asset: Asset, entry: PerformanceResourceTiming) => void
  /** A chunk of a loaded asset as the HTTP cache has it, not verified. */
  readonly onChunk: (asset: Asset, chunk: CutChunk) => void
  /** Whether the asset's bytes are worth reading. */
  readonly isWanted: (asset: Asset) => boolean
}

/**
 * Finds the assets that the page loads, or loaded already, without the worker, and reads their bytes back from the
 * HTTP cache: a reader's first images can be offered to others within the same view.
 */
export function watchLoadedAssets(assets: readonly Asset[], options: LoadedAssetsOptions): void {
  const byUrl = new Map(assets.map((asset) => [asset.url, asset]))
  const found = new Set<Asset>()
  let reading = Promise.resolve()
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByType('resource') as PerformanceResourceTiming[]) {
      const asset = byUrl.get(withoutFragment(entry.name))
      if (!asset) continue
      const isFirst = !found.has(asset)
      found.add(asset)
      // Reading back, and the engine's own requests, leave entries too, but never an asset's first one.
      if (isFirst || entry.initiatorType !== 'fetch') options.onLoaded(asset, entry)
      // What a player loads is stored in parts, which cannot be read back, and it may want to go on with them.
      if (!isFirst || isPlayerLoad(entry)) continue
      // One after the other: the page's own work goes first.
      reading = reading
        .then(() => (options.isWanted(asset) ? readBack(asset, options) : undefined))
        .catch(() => {})
    }
  }).observe({ type: 'resource', buffered: true })
}

/** Whether a video or audio element loaded it. */
export function isPlayerLoad({ initiatorType }: Pick<PerformanceResourceTiming, 'initiatorType'>): boolean {
  return initiatorType === 'video' || initiatorType === 'audio'
}

async function readBack(asset: Asset, { onChunk }: LoadedAssetsOptions): Promise<void> {
  for await (const chunk of cachedChunks(asset)) onChunk(asset, chunk)
}
