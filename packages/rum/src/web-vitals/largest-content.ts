import type { LCPMetric } from 'web-vitals'
import { getNavigationEntry } from 'web-vitals/lib/getNavigationEntry.js'
import { getSelector } from 'web-vitals/lib/getSelector.js'
import type { LargestContent } from '../vitals/attribution.ts'

/** What is known of the content that LCP was measured by. */
export function largestContent({
  value,
  entries,
  navigationType,
  navigationStartTime,
}: LCPMetric): LargestContent {
  // A page that came back was there as a whole.
  const content = navigationType === 'back-forward-cache' ? undefined : entries[0]
  const loaded =
    navigationType === 'soft-navigation'
      ? { activationStart: navigationStartTime, responseStart: 0 }
      : getNavigationEntry()
  const { element, id, url = '', startTime = 0 } = content ?? {}
  return {
    value,
    // An element that is gone leaves its id.
    target: element ? getSelector(element) : id && `#${id}`,
    url,
    navigation:
      content && loaded ? { start: loaded.activationStart ?? 0, responseStart: loaded.responseStart } : null,
    // The latest that was asked for before it was seen.
    resource: performance
      .getEntriesByType('resource')
      .findLast((each) => each.name === url && (each.requestStart || each.startTime) <= startTime),
  }
}
