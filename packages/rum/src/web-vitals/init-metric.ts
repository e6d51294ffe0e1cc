import { getBFCacheRestoreTime } from 'web-vitals/lib/bfcache.js'
import type { initMetric as whole } from 'web-vitals/lib/initMetric.js'

/** A metric without what nobody reads here: its rating, and how the page was navigated to. */
export const initMetric = ((
  _name: string,
  value = -1,
  ...[navigationType, navigationId, navigationInteractionId, navigationURL, navigationStartTime]: [
    string?,
    number?,
    number?,
    string?,
    number?,
  ]
) => ({
  value,
  entries: [],
  // Tells one metric from the next.
  id: Math.random(),
  navigationType,
  navigationId,
  navigationInteractionId,
  navigationURL,
  // CLS waits for a first paint, which may come when the page has come back.
  navigationStartTime: navigationStartTime ?? Math.max(getBFCacheRestoreTime(), 0),
})) as unknown as typeof whole
