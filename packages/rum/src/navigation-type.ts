import type { Beacon } from '@peerpress/wire'

/** How the reader came to a page that was loaded, by the same rules as web-vitals'. */
export function navigationType(options: {
  readonly entry: Pick<PerformanceNavigationTiming, 'type'> | undefined
  /** ms; 0 on a page that was not prerendered. */
  readonly activationStart: number
  /** `document.wasDiscarded`: the browser had dropped the tab and loaded it anew. */
  readonly wasDiscarded: boolean
}): Beacon['navigation'] {
  const { entry, activationStart, wasDiscarded } = options
  if (activationStart > 0) return 'prerender'
  if (wasDiscarded) return 'restore'
  if (entry?.type === 'reload') return 'reload'
  return entry?.type === 'back_forward' ? 'back-forward' : 'navigate'
}
