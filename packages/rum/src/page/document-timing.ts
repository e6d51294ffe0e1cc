import type { Beacon } from '@peerpress/wire'
import { within } from '../within.ts'

/** When a document was loaded. */
export interface DocumentTiming extends Pick<Beacon, 'load' | 'timing'> {
  readonly ttfb: Beacon['vitals']['ttfb']
}

/** What is told of a page that came back: it was there at once, as web-vitals has it too. */
export const loadedBefore: DocumentTiming = { ttfb: 0, load: null, timing: null }
/** What is told of a view that loaded no document, or where the browser does not tell. */
export const notLoaded: DocumentTiming = { ...loadedBefore, ttfb: null }

/** What Navigation Timing tells. `null` is a part that did not take place, or not yet. */
export function documentTiming(
  entry: PerformanceNavigationTiming | undefined,
  activationStart: number,
): DocumentTiming {
  // Some browsers tell nonsense before the first byte: as web-vitals, take nothing for it.
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
