import { isDisownedBy, isOffered } from './offer.ts'
import { hasGone } from './refused-page.ts'
import type { Visibility } from './visibility.ts'

/**
 * The rules of pages that a feed, a sitemap or a webhook names. A name is a hint: the page decides. Only a signed
 * withdrawal counts more than the page.
 */
export const pageVisibility: Visibility = {
  stateOf: (statement) => statement?.says ?? null,
  onRefusal: ({ isPublished, state, ...page }) => {
    if (hasGone(page)) return 'revoke'
    // A page that a list names may be deployed after the list. A page behind a login was never public.
    const isAwaited = isPublished || state === 'published' || page.refusal === 'not-found'
    return isAwaited ? 'retry' : 'revoke'
  },
  isOffered,
  // No event reports an opt-out, so the page's own configuration does.
  isDisowned: async (offer, { site }) => isDisownedBy(offer, site),
}
