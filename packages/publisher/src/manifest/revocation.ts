import type { PostState, PostStatement, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'
import { fetchPage, type PageContext, type Refusal } from '../fetch/fetch-page.ts'
import type { PageOffer } from '../page/page-offer.ts'
import { PublisherError, type PublisherErrorCode } from '../publisher-error.ts'

/** What the CMS says of a post; null where no CMS ever said anything, and the page is all there is. */
export function stateOf(
  statement: PostStatement | null,
  { revoke }: { readonly revoke: boolean },
): PostState | null {
  // A statement of before the first event with one: what the job of an older release says is newer.
  const isRecorded = statement !== null && statement.saidAt.getTime() > 0
  if (revoke && !isRecorded) return 'suspended'
  return statement?.says ?? null
}

/** From this attempt on, about four minutes after the first, a 404 is taken for what it says: no replica is so late. */
const notFoundPatience = 8

/**
 * Decides what a refused page means for a post that its CMS published. 410 and 451 revoke it at once, 404 when it lasts.
 * Any other refusal may be a firewall's, a maintenance page's or a login in front of the whole site, and never revokes.
 * @throws {PublisherError} `denied`, `not-found` when the page is to be looked at again.
 */
export function requireRevocation(refusal: Refusal, attempt: number): void {
  if (refusal === 'gone') return
  if (refusal === 'not-found' && attempt >= notFoundPatience) return
  throw new PublisherError(
    refusal,
    refusal === 'not-found'
      ? 'the site published the post, but its page is not found'
      : 'the site published the post, but refuses its page: let the agent "PeerPress" pass',
  )
}

/** Whether the page of a suspended post, as the site makes it now, still offers assistance for it. */
export async function isStillOffered(
  { site, post, url }: { readonly site: Site; readonly post: PostId; readonly url: string },
  context: PageContext,
): Promise<boolean> {
  try {
    const page = await fetchPage(site, url, { ...context, isUncached: true })
    if (!page.public || !isOffer(page.offer, { site, post })) return false
    if (page.isFromCache) {
      throw new PublisherError(
        'from-cache',
        'a cache answered in place of the site, and may have the page of before',
      )
    }
    return true
  } catch (error) {
    if (error instanceof PublisherError && noPage.has(error.code)) return false
    throw error
  }
}

/** What the post's address answers is no page that could offer anything, however often it is asked. */
const noPage: ReadonlySet<PublisherErrorCode> = new Set([
  'foreign-url',
  'not-a-page',
  'too-large',
  'too-many-redirects',
  'unreadable-page',
])

function isOffer(
  offer: PageOffer | null,
  { site, post }: { readonly site: Site; readonly post: PostId },
): boolean {
  return offer !== null && offer.site === site.id && offer.post === post && offer.mode !== 'off'
}

/** Whether the page carries the site's configuration and says that it shows no post that may leave the CMS. */
export function isDisowned(offer: PageOffer | null, site: Site): boolean {
  return offer !== null && offer.site === site.id && offer.post === null
}
