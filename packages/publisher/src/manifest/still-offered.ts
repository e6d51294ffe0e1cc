import type { Site } from '@peerpress/registry'
import type { Visibility } from '@peerpress/connectors'
import type { PostId } from '@peerpress/wire'
import { fetchPage, type PageContext } from '../fetch/fetch-page.ts'
import { PublisherError, type PublisherErrorCode } from '../publisher-error.ts'

/** Returns whether the current page of a suspended post still offers assistance for it. */
export async function isStillOffered(
  { site, post, url }: { readonly site: Site; readonly post: PostId; readonly url: string },
  visibility: Visibility,
  context: PageContext,
): Promise<boolean> {
  try {
    const page = await fetchPage(site, url, { ...context, isUncached: true })
    if (!page.public || !visibility.isOffered(page.offer, { site, post })) return false
    if (page.isFromCache) {
      throw new PublisherError(
        'from-cache',
        'a cache responded instead of the site, and its page may be outdated',
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
