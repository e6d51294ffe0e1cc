import type { LCPMetric } from 'web-vitals'
import { getNavigationEntry } from 'web-vitals/lib/getNavigationEntry.js'
import { getSelector } from 'web-vitals/lib/getSelector.js'
import type { LargestContent } from '../vitals/attribution.ts'

/** Returns the facts about the content that determined LCP. */
export function largestContent({
  value,
  entries,
  navigationType,
  navigationStartTime,
}: LCPMetric): LargestContent {
  // A page that came back was present as a whole.
  const content = navigationType === 'back-forward-cache' ? undefined : entries[0]
  const loaded =
    navigationType === 'soft-navigation'
      ? { activationStart: navigationStartTime, responseStart: 0 }
      : getNavigationEntry()
  const { element, id, url = '', startTime = 0 } = content ?? {}
  return {
    value,
    // An element that was removed leaves its id.
    target: element ? getSelector(element) : id && `#${id}`,
    url,
    navigation:
      content && loaded ? { start: loaded.activationStart ?? 0, responseStart: loaded.responseStart } : null,
    // The latest request before the content was shown.
    resource: performance
      .getEntriesByType('resource')
      .findLast((each) => each.name === url && (each.requestStart || each.startTime) <= startTime),
  }
}
