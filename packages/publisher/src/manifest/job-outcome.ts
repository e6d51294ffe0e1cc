import type { PostId, SiteId } from '@peerpress/wire'
import type { PublisherErrorCode } from '../publisher-error.ts'
import type { PublicationResult } from './publication.ts'

/**
 * The outcome of one run of a job. A run whose media take long reports twice. A failed run is repeated later, unless
 * its code is `unreadable-page` or `unsupported-encoding`. A run with `pending` media is repeated too.
 */
export type JobOutcome = { readonly site: SiteId; readonly post: PostId; readonly attempt: number } & (
  | PublicationResult
  | {
      readonly result: 'failed'
      readonly code: PublisherErrorCode | 'internal'
      /** A description for people. */
      readonly message: string
    }
)
