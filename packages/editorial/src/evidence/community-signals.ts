import type { PostId, SiteId } from '@peerpress/wire'

/** Something that somebody of the community said about a site or one of its posts. */
export interface CommunitySignal {
  readonly kind: 'downvote' | 'report' | 'question'
  /** When it was said. */
  readonly at: Date
  /** The post that it is about; null if it is about none. */
  readonly post: PostId | null
  /** The question, or the reason of the downvote or report; plain text. */
  readonly text: string
  /** BCP 47; null if it is unknown. */
  readonly language: string | null
  /** ISO 3166-1 or 3166-2; null if it is unknown. */
  readonly region: string | null
  /** How many members said the same; at least 1. */
  readonly members: number
}

/** What the community said. The server hands it in, because the community is a package of its own. */
export interface CommunitySignals {
  /** Returns what was said about a site since a moment, the newest first. */
  signals(site: SiteId, since: Date): Promise<readonly CommunitySignal[]>
}

/** The signals of an installation without a community: there are none. */
export const noCommunity: CommunitySignals = { signals: () => Promise.resolve([]) }
