import { isDisownedBy, isOffered } from '../offer.ts'
import { hasGone } from '../refused-page.ts'
import type { Visibility } from '../visibility.ts'

/** The rules of a WordPress whose plugin sends signed events. */
export const wordpressVisibility: Visibility = {
  stateOf: (statement, { revoke }) => {
    // A statement from before the first event with a statement is older than the job of an older release.
    const isRecorded = statement !== null && statement.saidAt.getTime() > 0
    if (revoke && !isRecorded) return 'suspended'
    return statement?.says ?? null
  },
  // Without a statement of the plugin, only the page counts.
  onRefusal: ({ state, ...page }) => (state !== 'published' || hasGone(page) ? 'revoke' : 'retry'),
  isOffered,
  // The plugin sends an event when an owner opts a post out. A backup may be older than that event.
  isDisowned: async (offer, { site, isUnread }) => isDisownedBy(offer, site) && isUnread(),
}
