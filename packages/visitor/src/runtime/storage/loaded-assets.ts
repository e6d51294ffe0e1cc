import type { Asset } from '@peerpress/wire'
import { withoutFragment } from '../../without-fragment.ts'

/** Callbacks of {@link watchLoadedAssets}. */
export interface LoadedAssetsOptions {
  readonly onLoaded: (asset: Asset, entry: PerformanceResourceTiming) => void
  /** The HTTP cache may have a whole asset, so it can be offered within the same view. */
  readonly onCached: (asset: Asset) => void
}

/** Reports the assets that the page loads or has loaded without the worker. */
export function watchLoadedAssets(
  assets: readonly Asset[],
  { onLoaded, onCached }: LoadedAssetsOptions,
): void {
  const byUrl = new Map(assets.map((asset) => [asset.url, asset]))
  const found = new Set<Asset>()
  new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByType('resource') as PerformanceResourceTiming[]) {
      const asset = byUrl.get(withoutFragment(entry.name))
      if (!asset) continue
      const isFirst = !found.has(asset)
      found.add(asset)
      // Reads from the cache and the engine's requests make entries too, but never an asset's first entry.
      if (isFirst || entry.initiatorType !== 'fetch') onLoaded(asset, entry)
      // A player's loads are cached in parts, which cannot be read, and the player may continue them.
      if (isFirst && !isPlayerLoad(entry)) onCached(asset)
    }
  }).observe({ type: 'resource', buffered: true })
}

/** Returns whether a video or audio element loaded it. */
export function isPlayerLoad({ initiatorType }: Pick<PerformanceResourceTiming, 'initiatorType'>): boolean {
  return initiatorType === 'video' || initiatorType === 'audio'
}
