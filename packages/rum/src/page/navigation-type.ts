import type { Beacon } from '@peerpress/wire'

/**
 * Returns how the reader reached a loaded page, by the rules of web-vitals. `activationStart` is 0 unless the page was
 * prerendered. `wasDiscarded` is true if the browser had discarded the tab and reloaded it.
 */
export function navigationType(
  entry: Pick<PerformanceNavigationTiming, 'type'> | undefined,
  activationStart: number,
  wasDiscarded: boolean,
): Beacon['navigation'] {
  if (activationStart > 0) return 'prerender'
  if (wasDiscarded) return 'restore'
  if (entry?.type === 'reload') return 'reload'
  return entry?.type === 'back_forward' ? 'back-forward' : 'navigate'
}
