import type { Registry, Site } from '@peerpress/registry'
import type { PostId } from '@peerpress/wire'
import type { AssetStore } from '../assets/asset-store.ts'
import type { MediaSummary } from '../assets/left-out.ts'
import type { FetchLimits } from '../fetch/fetch-limits.ts'
import type { MediaResults } from '../fetch/media-results.ts'
import type { SiteClient } from '../fetch/site-client.ts'
import type { PageReader } from '../page/page-reader.ts'
import type { PublisherError } from '../publisher-error.ts'

/** The result of a publication. */
export type PublicationResult =
  | ({
      readonly result: 'published'
      readonly version: number
      /**
       * Whether the page contradicts an unpublication without a home URL, which a copy of the CMS may have sent. The
       * post was suspended and is published again.
       */
      readonly contradiction?: true
    } & MediaSummary)
  /** The page and the assets equal the latest publication, or the post was already revoked. There is no new version. */
  | ({ readonly result: 'unchanged'; readonly version: number } & MediaSummary)
  | { readonly result: 'revoked'; readonly version: number }
  /** The post is not public and was never published here. */
  | { readonly result: 'absent' }

export interface PublicationTask {
  readonly site: Site
  readonly post: PostId
  readonly url: string
  /**
   * Whether the event of this job reported that the post is no longer public. The CMS's latest recorded statement takes
   * precedence. This field counts if release 0.1 recorded no statement with the event.
   */
  readonly revoke: boolean
  /** Whether the run may only revoke a suspended post, without a request of its page. @default false */
  readonly leavesPage?: boolean | undefined
  /** Id of the request that the job serves. It is the same for all attempts. */
  readonly asked?: string | undefined
  /** 0 for the first attempt. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** Aborted if the CMS withdraws the post in the meantime, or its site disconnects. @default never */
  readonly withdrawn?: AbortSignal
  /** Called when a version is published while media are still being fetched. */
  readonly onEarly: (result: PublicationResult) => Promise<void>
}

export interface PublicationContext {
  readonly registry: Registry
  readonly client: SiteClient
  readonly pages: PageReader
  readonly store: AssetStore
  readonly limits: FetchLimits
  readonly mediaResults: MediaResults
}

/** A publication, and what is left to another run. */
export type AttemptedPublication = PublicationResult & {
  /** The failure of some media, which calls for another attempt. */
  readonly failure?: PublisherError | null
  /** Whether the page of a suspended post must still be requested, because it may contradict the suspension. */
  readonly isPageDue?: true
}
