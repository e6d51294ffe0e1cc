import type { PostState, PostStatement, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'

/**
 * The way in which a site refuses a post's page. `gone`: it reports so (410, 451). `not-found`: 404, which a lagging
 * replica sends too. `denied`: 401, 403 or a redirect to the login or the home page, which a firewall or a maintenance
 * page sends too.
 */
export type Refusal = 'gone' | 'not-found' | 'denied'

/** The offer of assistance in a page's configuration for the loader. */
export interface PageOffer {
  readonly site: string
  /** null on a page without a post that may leave the CMS. */
  readonly post: string | null
  readonly mode: string
}

/** A refused page of a post. */
export interface RefusedPage {
  readonly refusal: Refusal
  /** The CMS's state of the post, as {@link Visibility.stateOf} returned it. */
  readonly state: PostState | null
  /** 0 for the first attempt. */
  readonly attempt: number
  /** Whether readers have a manifest of the post now. */
  readonly isPublished: boolean
}

/** How the statements of a CMS and its pages decide whether a post is public. */
export interface Visibility {
  /**
   * Returns the CMS's state of a post; null if no CMS ever reported one, so that only the page counts.
   * @param job `revoke`: the job's event reported that the post is no longer public
   */
  stateOf(statement: PostStatement | null, job: { readonly revoke: boolean }): PostState | null
  /** Returns whether a refused page revokes the post, or must be requested again. */
  onRefusal(page: RefusedPage): 'revoke' | 'retry'
  /** Returns whether the page of a suspended post still offers assistance for it. */
  isOffered(offer: PageOffer | null, of: { readonly site: Site; readonly post: PostId }): boolean
  /**
   * Returns whether a public page itself reports that the post must not leave the CMS.
   * @param of `isUnread`: resolves to whether the post was restored from a backup and not read from its site since
   */
  isDisowned(
    offer: PageOffer | null,
    of: { readonly site: Site; readonly isUnread: () => Promise<boolean> },
  ): Promise<boolean>
}
