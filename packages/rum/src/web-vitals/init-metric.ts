import { getBFCacheRestoreTime } from 'web-vitals/lib/bfcache.js'
import type { initMetric as whole } from 'web-vitals/lib/initMetric.js'

/** Replaces web-vitals' `initMetric`. It omits the rating and the navigation type, which the SDK does not read. */
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
  // Distinguishes metrics.
  id: Math.random(),
  navigationType,
  navigationId,
  navigationInteractionId,
  navigationURL,
  // CLS waits for a first paint, which may happen after the page came back.
  navigationStartTime: navigationStartTime ?? Math.max(getBFCacheRestoreTime(), 0),
})) as unknown as typeof whole
