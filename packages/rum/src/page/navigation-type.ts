import type { Beacon } from '@peerpress/wire'

/**
 * How the reader came to a page that was loaded, by the same rules as web-vitals'. `activationStart` is 0 on a page that
 * was not prerendered; `wasDiscarded` says that the browser had dropped the tab and loaded it anew.
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
