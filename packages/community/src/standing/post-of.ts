import type { PostStanding, StandingHead, VoteStanding } from '@peerpress/registry'
import type { EntryBody, LedgerEvent } from '../ledger/entry.ts'
import { feedMean, rankOf, weightUnits } from './rank.ts'
import { rarityOf } from './rarity.ts'

/** The standing before the ledger's first row. */
export const emptyStanding: StandingHead = { seq: 0, beganAt: null, mean: feedMean({ up: 0, down: 0 }) }

/** Returns a post as it is when it is shared, without its author's state; null without a member site. */
export function postOf(
  event: LedgerEvent & { readonly kind: 'submission' },
  { beganAt, mean }: StandingHead,
): PostStanding | null {
  if (event.member === null) return null
  const { id, ...about } = event.body
  const post = {
    ...about,
    submission: id,
    seq: event.seq,
    member: event.member,
    submittedAt: event.at.getTime(),
    mean,
    up: 0,
    down: 0,
    upVotes: 0,
    downVotes: 0,
    upGiven: 0,
    downGiven: 0,
    upRarity: 0,
    downRarity: 0,
    factor: 1,
    isHidden: false,
    isVisible: false,
    hot: 0,
  }
  return ranked(post, beganAt ?? post.submittedAt)
}

/** Returns a post with its rank and rarities computed anew. */
export function ranked(post: PostStanding, beganAt: number): PostStanding {
  return {
    ...post,
    upRarity: rarityFor(post, 1),
    downRarity: rarityFor(post, -1),
    hot: rankOf({ ...post, beganAt }).hot,
  }
}

/** Returns the rarity of a post for votes of a kind. Bans do not change it, so that they change nobody's norm. */
export function rarityFor(post: PostStanding, value: 1 | -1): number {
  return value === 1
    ? rarityOf({ votes: post.upVotes, weight: post.upGiven })
    : rarityOf({ votes: post.downVotes, weight: post.downGiven })
}

/** Returns the vote of an entry; null if it withdraws one. */
export function voteOf(event: LedgerEvent & { readonly kind: 'vote' }, member: string): VoteStanding | null {
  const { submission, value, weight, reason } = event.body
  if (value === 'none') return null
  return {
    submission,
    member,
    value: value === 'up' ? 1 : -1,
    weight: Math.round(weight * weightUnits),
    seq: event.seq,
    reason,
  }
}

/** Returns the facts of a proof. Member sites that share one are in one cluster. */
export function factsOf({ accounts, keys, domain }: EntryBody<'proof'>): string[] {
  return [...accounts.map((id) => `account ${id}`), ...keys.map((key) => `key ${key}`), `domain ${domain}`]
}
