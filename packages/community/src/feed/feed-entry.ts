import type { ListedPost } from '@peerpress/registry'
import type { ShownHost } from '../members/shown-host.ts'

/** How a member site is named to people. */
export interface MemberLabel {
  readonly member: string
  readonly shown: ShownHost
  /** Older and newer member sites that look alike (UTS 39). */
  readonly lookAlikes: readonly string[]
}

/** The numbers from which the place of a post follows. */
export interface PostScore {
  /** `U`: the sum of the weights of its upvotes. */
  readonly upWeight: number
  /** The sum of the weights of its downvotes. */
  readonly downWeight: number
  /** Votes that were cast, whatever they weigh. */
  readonly upVotes: number
  readonly downVotes: number
  /** `Q`: the Wilson lower bound (z = 1.28) of the weighted votes, with a prior of 4 votes at the feed's mean, 0-1. */
  readonly quality: number
  /** The weighted share of upvotes in the whole feed, 0-1: the prior of `Q`. */
  readonly mean: number
  /** `F`: its measured performance among its own site's posts, 0.8-1.2; 1 until it was measured. */
  readonly factor: number
  /** `t`: hours from the beginning of the feed to its submission. */
  readonly hours: number
  /** `log2(max(1, U × Q × F)) + t / 48`. Lists are ordered by it. */
  readonly hot: number
}

/** A shared post as pages and feeds show it. */
export interface FeedEntry {
  readonly post: ListedPost
  readonly label: MemberLabel
  readonly score: PostScore
}
