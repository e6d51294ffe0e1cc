/** Weights are integers of this unit, so that their sums are exact in any order. */
export const weightUnits = 1_000_000

/** Votes that each post begins with, at the feed's mean. */
const priorVotes = 4

/** Quantile of the Wilson interval: 80 % of posts are better than their lower bound shows, on both sides together. */
const z = 1.28

/** hours by which a newer post is ahead of one with half its score */
const hoursPerDoubling = 48

const hourMs = 3_600_000

/** What a post's rank is computed from. Weights are in millionths. */
export interface RankInput {
  readonly up: number
  readonly down: number
  /** The feed's mean when the post was shared: the prior, 0-1. */
  readonly mean: number
  /** The performance factor, 0.8-1.2. */
  readonly factor: number
  /** epoch ms */
  readonly submittedAt: number
  /** When the feed's first post was shared, epoch ms. */
  readonly beganAt: number
}

/** A post's numbers, as its page shows them. */
export interface Rank {
  /** `U`: sum of the weights of its upvotes. */
  readonly upvotes: number
  /** Sum of the weights of its downvotes. */
  readonly downvotes: number
  /** `Q`: lower bound of the share of upvotes, 0-1. */
  readonly quality: number
  /** `F` */
  readonly factor: number
  /** `t`, hours since the feed began. */
  readonly hours: number
  /** `log2(max(1, U × Q × F)) + t / 48` */
  readonly hot: number
}

/** Returns a post's rank. It depends on nothing but the input, so that a vote that is taken back leaves no trace. */
export function rankOf({ up, down, mean, factor, submittedAt, beganAt }: RankInput): Rank {
  const upvotes = up / weightUnits
  const downvotes = down / weightUnits
  const quality = wilsonLowerBound(upvotes + priorVotes * mean, upvotes + downvotes + priorVotes)
  const hours = Math.max(0, submittedAt - beganAt) / hourMs
  const hot = Math.log2(Math.max(1, upvotes * quality * factor)) + hours / hoursPerDoubling
  return { upvotes, downvotes, quality, factor, hours, hot }
}

/**
 * Returns the lower bound of a share. Numbers of votes may be fractions.
 * Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), without continuity correction.
 */
function wilsonLowerBound(positive: number, all: number): number {
  const share = positive / all
  const centre = share + z ** 2 / (2 * all)
  const spread = z * Math.sqrt((share * (1 - share)) / all + z ** 2 / (4 * all ** 2))
  return (centre - spread) / (1 + z ** 2 / all)
}

/** Share of upvotes in a feed without votes. */
const meanWithoutVotes = 0.75

/** Returns the feed's mean: the weighted share of upvotes, with the prior's votes at 0.75. Weights are in millionths. */
export function feedMean({ up, down }: { readonly up: number; readonly down: number }): number {
  const prior = priorVotes * weightUnits
  return (up + prior * meanWithoutVotes) / (up + down + prior)
}
