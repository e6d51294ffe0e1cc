import type { PostId, SiteId } from '@peerpress/wire'

/** The latest publication of a post without its manifest, which may have megabytes. */
export interface PostSummary {
  readonly site: SiteId
  readonly post: PostId
  readonly url: string
  readonly version: number
  readonly revoked: boolean
  readonly publishedAt: Date
}
