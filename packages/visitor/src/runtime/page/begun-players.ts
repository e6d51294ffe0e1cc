import { withoutFragment } from '../../without-fragment.ts'
import { isPlayerLoad } from '../storage/loaded-assets.ts'

/** Returns the URLs that the page's players have begun to load from any source. */
export function begunPlayers(): string[] {
  // Entries exist for completed loads, also of players outside the document. Running loads are in their elements' state.
  const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[]
  const urls = entries.filter(isPlayerLoad).map(({ name }) => name)
  for (const player of document.querySelectorAll<HTMLMediaElement>('video, audio')) {
    if (player.networkState === player.NETWORK_LOADING || player.readyState > 0) urls.push(player.currentSrc)
  }
  return [...new Set(urls.map(withoutFragment))]
}
