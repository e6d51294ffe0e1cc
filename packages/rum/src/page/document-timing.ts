import type { Beacon } from '@peerpress/wire'
import { within } from '../within.ts'

/** The timing of a document's load. */
export interface DocumentTiming extends Pick<Beacon, 'load' | 'timing'> {
  readonly ttfb: Beacon['vitals']['ttfb']
}

/**
 * The timing of a page that returned from the back/forward cache. It was present at once; web-vitals reports it the
 * same way.
 */
export const loadedBefore: DocumentTiming = { ttfb: 0, load: null, timing: null }
/** The timing of a view that loaded no document, or of a browser that does not report it. */
export const notLoaded: DocumentTiming = { ...loadedBefore, ttfb: null }

/** Returns the timing of the document from Navigation Timing. A phase is null if it did not happen or has not ended. */
export function documentTiming(
  entry: PerformanceNavigationTiming | undefined,
  activationStart: number,
): DocumentTiming {
  // Some browsers report invalid times before the first byte. web-vitals ignores them too.
  if (!entry || !(entry.responseStart < performance.now())) return notLoaded
  const part = (start: number, end: number) => (start && end ? within(end - start) : null)
  const since = (end: number) => (end ? within(Math.max(0, end - activationStart)) : null)
  return {
    ttfb: since(entry.responseStart),
    load: since(entry.loadEventEnd),
    timing: {
      redirect: part(entry.redirectStart, entry.redirectEnd),
      lookup: part(entry.domainLookupStart, entry.domainLookupEnd),
      connect: part(entry.connectStart, entry.connectEnd),
      tls: part(entry.secureConnectionStart, entry.connectEnd),
      request: part(entry.requestStart, entry.responseStart),
      response: part(entry.responseStart, entry.responseEnd),
      interactive: since(entry.domInteractive),
      contentLoaded: since(entry.domContentLoadedEventEnd),
    },
  }
}
