/** How far the standing's tables follow the ledger. */
export interface StandingHead {
  /** The last row of the ledger that they follow. */
  readonly seq: number
  /** When the feed's first post was shared, epoch ms; null before. */
  readonly beganAt: number | null
  /** The feed's mean of its last day, 0-1. */
  readonly mean: number
}

/** A member site's standing. */
export interface MemberStanding {
  /** The host that its owner proved. */
  readonly member: string
  /** Null if it was banned and has never been proved. */
  readonly site: string | null
  /** When the first of the uninterrupted proofs was, epoch ms; null without one. */
  readonly since: number | null
  /** When the last proof was, epoch ms; null without one. */
  readonly provenAt: number | null
  readonly hasLeft: boolean
  readonly isBanned: boolean
}

/** What a post's rank is computed from. */
export interface PostStanding {
  readonly submission: string
  /** The submission's row of the ledger. */
  readonly seq: number
  readonly member: string
  readonly site: string
  readonly post: string
  readonly url: string
  readonly language: string | null
  readonly region: string | null
  readonly topics: readonly string[]
  /** Hashes of texts in the ledger. */
  readonly title: string
  readonly summary: string | null
  readonly picture: string | null
  /** epoch ms */
  readonly submittedAt: number
  /** The feed's mean when it was submitted, 0-1. */
  readonly mean: number
  /** Sum of the weights of upvotes, millionths, without those of banned voters. */
  readonly up: number
  /** The same of downvotes. */
  readonly down: number
  /** Numbers of standing votes, with those of banned voters. */
  readonly upVotes: number
  readonly downVotes: number
  /** Sums of the weights of standing votes, millionths, with those of banned voters. */
  readonly upGiven: number
  readonly downGiven: number
  /** What a vote on it adds to a norm: rarities for upvotes and for downvotes. */
  readonly upRarity: number
  readonly downRarity: number
  /** The performance factor, 0.8-1.2. */
  readonly factor: number
  /** Hidden by a decision. */
  readonly isHidden: boolean
  /** Whether feeds show it: it is not hidden, and its member site is one and is not banned. */
  readonly isVisible: boolean
  readonly hot: number
}

/** A vote that counts: the last one of a member site on a submission, unless it was withdrawn. */
export interface VoteStanding {
  readonly submission: string
  readonly member: string
  readonly value: 1 | -1
  /** millionths */
  readonly weight: number
  /** The vote's row of the ledger. */
  readonly seq: number
  /** Hash of a text in the ledger. */
  readonly reason: string | null
}

/** What two voters have in common: parts of the cosine of their votes. In units of {@link MemberNorms}. */
export interface Affinity {
  readonly member: string
  /** Sum of the rarities of submissions that both voted on alike. */
  readonly common: number
  /** Sum of the rarities of all submissions that the other voted on so. */
  readonly norm: number
}

/** Sums of the rarities of all submissions that a member site voted on: integers, exact in any order. */
export interface MemberNorms {
  readonly up: number
  readonly down: number
}

/** All of the standing, for a recomputation. */
export interface WholeStanding {
  readonly head: StandingHead
  readonly members: readonly (MemberStanding & {
    readonly norms: MemberNorms
    readonly facts: readonly string[]
  })[]
  readonly posts: readonly PostStanding[]
  readonly votes: Iterable<VoteStanding>
}

const memberFields = {
  site: 'site',
  since: 'since',
  provenAt: 'proven_at',
  hasLeft: 'has_left',
  isBanned: 'is_banned',
}
const postFields = {
  submission: 'submission',
  seq: 'seq',
  member: 'member',
  site: 'site',
  post: 'post',
  url: 'url',
  language: 'language',
  region: 'region',
  topics: 'topics',
  title: 'title',
  summary: 'summary',
  picture: 'picture',
  submittedAt: 'submitted_at',
  mean: 'mean',
  up: 'up',
  down: 'down',
  upVotes: 'up_votes',
  downVotes: 'down_votes',
  upGiven: 'up_given',
  downGiven: 'down_given',
  upRarity: 'up_rarity',
  downRarity: 'down_rarity',
  factor: 'factor',
  isHidden: 'is_hidden',
  isVisible: 'is_visible',
  hot: 'hot',
} as const satisfies Record<keyof PostStanding, string>

/** SQL: the columns of a record under its field names. Big integers become doubles, which hold them exactly. */
export const memberSelection = `member, ${selectionOf(memberFields, ['since', 'provenAt'])}`
export const postSelection = selectionOf(postFields, [
  'seq',
  'submittedAt',
  'up',
  'down',
  'upGiven',
  'downGiven',
])
export const postColumns = Object.values(postFields).join(', ')
export const postFieldList = Object.keys(postFields)
  .map((name) => `"${name}"`)
  .join(', ')

/** SQL: column types of a list of posts as JSON. */
export const postRecord = `"submission" text, "seq" bigint, "member" text, "site" text, "post" text, "url" text,
  "language" text, "region" text, "topics" jsonb, "title" text, "summary" text, "picture" text, "submittedAt" bigint,
  "mean" double precision, "up" bigint, "down" bigint, "upVotes" integer, "downVotes" integer, "upGiven" bigint,
  "downGiven" bigint, "upRarity" integer, "downRarity" integer,
  "factor" double precision, "isHidden" boolean, "isVisible" boolean, "hot" double precision`

function selectionOf(fields: Readonly<Record<string, string>>, big: readonly string[]): string {
  return Object.entries(fields)
    .map(([name, column]) => `${column}${big.includes(name) ? '::double precision' : ''} as "${name}"`)
    .join(', ')
}
