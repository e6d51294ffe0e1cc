import type { Asset } from '@peerpress/wire'
import { withoutFragment } from '../../without-fragment.ts'

/** Whom {@link watchLoadedAssets} tells. */
export interface LoadedAssetsOptions {
  readonly onLoaded: (asset: Asset, entry: PerformanceResourceTiming) => void
  /** The HTTP cache may have all of an asset: a reader's first images can be offered within the same view. */
  readonly onCached: (asset: Asset) => void
}

/** Finds the assets that the page loads, or loaded already, without the worker. */
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
      // Reading back, and the engine's own requests, leave entries too, but never an asset's first one.
      if (isFirst || entry.initiatorType !== 'fetch') onLoaded(asset, entry)
      // What a player loads is stored in parts, which cannot be read back, and it may want to go on with them.
      if (isFirst && !isPlayerLoad(entry)) onCached(asset)
    }
  }).observe({ type: 'resource', buffered: true })
}

/** Whether a video or audio element loaded it. */
export function isPlayerLoad({ initiatorType }: Pick<PerformanceResourceTiming, 'initiatorType'>): boolean {
  return initiatorType === 'video' || initiatorType === 'audio'
}
