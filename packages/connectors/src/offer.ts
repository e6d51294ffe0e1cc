import type { Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'
import type { PageOffer } from './visibility.ts'

/** Returns whether the page's configuration offers assistance for the post. */
export function isOffered(
  offer: PageOffer | null,
  { site, post }: { readonly site: Site; readonly post: PostId },
): boolean {
  return offer !== null && offer.site === site.id && offer.post === post && offer.mode !== 'off'
}

/** Returns whether the page has the site's configuration and reports no post that may leave the CMS. */
export function isDisownedBy(offer: PageOffer | null, site: Site): boolean {
  return offer !== null && offer.site === site.id && offer.post === null
}
