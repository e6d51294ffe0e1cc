import type { PostState, PostStatement, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'
import { fetchPage, type PageContext, type Refusal } from '../fetch/fetch-page.ts'
import type { PageOffer } from '../page/page-offer.ts'
import { PublisherError, type PublisherErrorCode } from '../publisher-error.ts'

/** Returns the CMS's state of a post; null if no CMS ever reported one, so that only the page counts. */
export function stateOf(
  statement: PostStatement | null,
  { revoke }: { readonly revoke: boolean },
): PostState | null {
  // A statement from before the first event with a statement is older than the job of an older release.
  const isRecorded = statement !== null && statement.saidAt.getTime() > 0
  if (revoke && !isRecorded) return 'suspended'
  return statement?.says ?? null
}

/** From this attempt on, about four minutes after the first, a 404 is final. No replica lags that long. */
const notFoundPatience = 8

/**
 * Decides how to handle a refused page of a post that its CMS published. 410 and 451 revoke it at once, and a lasting
 * 404 does too. Other refusals never revoke, because they may come from a firewall, a maintenance page or a login in
 * front of the whole site.
 * @throws {PublisherError} `denied`, `not-found` if the page must be requested again.
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

/** Returns whether the current page of a suspended post still offers assistance for it. */
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

/** Errors that mean the URL has no page that could offer anything. Another attempt would not help. */
const noPage: ReadonlySet<PublisherErrorCode> = new Set([
  'foreign-url',
  'not-a-page',
  'too-large',
  'too-many-redirects',
  'unreadable-page',
  'unsupported-encoding',
])

function isOffer(
  offer: PageOffer | null,
  { site, post }: { readonly site: Site; readonly post: PostId },
): boolean {
  return offer !== null && offer.site === site.id && offer.post === post && offer.mode !== 'off'
}

/** Returns whether the page has the site's configuration and reports no post that may leave the CMS. */
export function isDisowned(offer: PageOffer | null, site: Site): boolean {
  return offer !== null && offer.site === site.id && offer.post === null
}
