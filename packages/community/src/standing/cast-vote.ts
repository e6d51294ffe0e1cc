import {
  ledgerText,
  type LedgerText,
  type MemberStanding,
  type PostStanding,
  type Registry,
} from '@peerpress/registry'
import { CommunityError } from '../community-error.ts'
import type { CommunityLedger, CommunityTransaction } from '../ledger/community-ledger.ts'
import type { EntryBody } from '../ledger/entry.ts'
import type { MeasuredViews } from './measured-views.ts'
import { proofMemory } from './member-after.ts'
import { type Rank, rankOf, weightUnits } from './rank.ts'
import { requireUnbanned } from './require-unbanned.ts'
import { trustAfterViews, trustOf, weightOf } from './weight.ts'

/** A vote of a member site. */
export interface VoteInput {
  readonly member: string
  readonly submission: string
  /** `none` withdraws the vote. */
  readonly value: 'up' | 'down' | 'none'
  /** Why, for the post's author: 1-500 characters. A downvote needs it, another vote has none. */
  readonly reason: string | null
}

/** What became of a vote. */
export interface CastVote {
  /** The weight that it was given, 0-1. */
  readonly weight: number
  /** The post's numbers after it. */
  readonly rank: Rank
}

/** Votes of a member site in 24 hours. A withdrawal is none. */
export const votesPerDay = 20
/** characters */
export const maxReason = 500

const dayMs = 86_400_000

export interface VoteDependencies {
  readonly registry: Pick<Registry, 'standing'>
  readonly ledger: CommunityLedger
  readonly views: MeasuredViews
  readonly now: () => number
}

/**
 * Weighs a vote, appends it, and updates the post's rank, all in one transaction. A vote that is cast again as it is changes
 * nothing.
 * @throws {CommunityError} `not-member`, `banned`, `unknown-submission`, `too-many-votes`, `invalid-reason`
 */
export async function castVote(dependencies: VoteDependencies, input: VoteInput): Promise<CastVote> {
  const reason = reasonOf(input)
  const { registry, ledger, views, now } = dependencies
  const known = await registry.standing.member(input.member)
  // The store is read before the transaction, which holds the ledger.
  const seen = known?.site == null ? 0 : await views.count(known.site, trustAfterViews)
  return ledger.transaction(async (within) => {
    const voter = requireMember(await within.standing.member(input.member), now())
    const post = await within.standing.post(input.submission)
    if (post === null || !post.isVisible) {
      throw new CommunityError('unknown-submission', 'There is no such post in the feed.')
    }
    const before = await within.standing.vote(post.submission, voter.member)
    const value = ({ up: 1, down: -1, none: null } as const)[input.value]
    const isSame = value === (before?.value ?? null) && input.value !== 'down'
    if (isSame) return outcome(within, post, before?.weight ?? 0)
    if (value !== null) await requireVotesLeft(within, voter, now())
    const trust = trustOf({ since: voter.since ?? now(), now: now(), views: seen })
    const weight = value === null ? 0 : await weigh(within, { voter, post, value, trust })
    await within.append([entryOf(input, { weight, reason })], reason === null ? [] : [reason])
    return outcome(within, post, weight)
  })
}

interface WeighedVote {
  readonly voter: MemberStanding
  readonly post: PostStanding
  readonly value: 1 | -1
  readonly trust: number
}

/** Returns the weight of a vote in millionths. */
async function weigh(
  { standing }: CommunityTransaction,
  { voter, post, value, trust }: WeighedVote,
): Promise<number> {
  if (trust === 0 || (await standing.areClustered(voter.member, post.member))) return 0
  const vote = { submission: post.submission, member: voter.member, value }
  const [norms, affinities, before] = [
    await standing.norms(voter.member),
    await standing.affinities(vote),
    await standing.vote(post.submission, voter.member),
  ]
  // This post is left out of all norms. Each of the others has voted so on it, and the voter has if the vote is cast again.
  const rarity = value === 1 ? post.upRarity : post.downRarity
  const own = value === 1 ? norms.up : norms.down
  return weightOf(trust, {
    norm: before?.value === value ? own - rarity : own,
    affinities: affinities.map(({ common, norm }) => ({ common, norm: norm - rarity })),
  })
}

async function outcome(
  { standing }: CommunityTransaction,
  post: PostStanding,
  weight: number,
): Promise<CastVote> {
  const after = (await standing.post(post.submission)) ?? post
  const { beganAt } = await standing.head()
  return { weight: weight / weightUnits, rank: rankOf({ ...after, beganAt: beganAt ?? after.submittedAt }) }
}

function requireMember(member: MemberStanding | null, now: number): MemberStanding {
  const isProven = member?.provenAt != null && !member.hasLeft && now - member.provenAt <= proofMemory
  if (member === null || !isProven) {
    throw new CommunityError(
      'not-member',
      'Prove control of the site first: its plugin or a signed file does that.',
    )
  }
  requireUnbanned(member)
  return member
}

/** A clock that is ahead of this server's makes votes that count as of now. */
async function requireVotesLeft(
  { standing }: CommunityTransaction,
  { member }: MemberStanding,
  now: number,
): Promise<void> {
  const times = await standing.voteTimes(member, votesPerDay)
  if (times.filter((at) => at > now - dayMs).length >= votesPerDay) {
    throw new CommunityError(
      'too-many-votes',
      `A site has ${votesPerDay} votes in 24 hours. Vote again later.`,
    )
  }
}

function reasonOf({ value, reason }: VoteInput): LedgerText | null {
  const text = reason?.trim() ?? ''
  const isValid = text.length <= maxReason && !text.includes('\0') && text.isWellFormed()
  if (!isValid || (value === 'down') !== (text !== '')) {
    throw new CommunityError(
      'invalid-reason',
      `A downvote needs a reason of at most ${maxReason} characters for the post's author; other votes have none.`,
    )
  }
  return text === '' ? null : ledgerText(text)
}

function entryOf(
  { member, submission, value }: VoteInput,
  { weight, reason }: { readonly weight: number; readonly reason: LedgerText | null },
): { readonly kind: 'vote'; readonly member: string; readonly body: EntryBody<'vote'> } {
  const body = { submission, value, weight: weight / weightUnits, reason: reason?.hash ?? null }
  return { kind: 'vote', member, body }
}
