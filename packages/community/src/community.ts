import type { SiteClient } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { CommunityError } from './community-error.ts'
import { createFeed, type Feed, type FeedOrder } from './feed/feed.ts'
import type { CommunityLedger } from './ledger/community-ledger.ts'
import { createMembers, type Members } from './members/members.ts'
import { plainText } from './posts/plain-text.ts'
import { maxReason, type VoteInput } from './standing/cast-vote.ts'
import { createShares, type Shares } from './posts/shares.ts'

export interface CommunityOptions {
  readonly registry: Registry
  readonly ledger: CommunityLedger
  readonly order: FeedOrder
  /** Weighs and records a vote. */
  readonly castVote: (vote: VoteInput) => Promise<unknown>
  /** Fetches from the sites. */
  readonly client: SiteClient
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** The community of an installation: its member sites, what they share, and the feed. */
export interface Community {
  readonly members: Members
  readonly shares: Shares
  readonly feed: Feed
  /**
   * Casts the vote of a site on a submission, in place of its earlier one.
   * @throws {CommunityError} `not-member`, and the errors of `castVote`
   */
  vote(site: SiteId, vote: Omit<VoteInput, 'member'>): Promise<void>
}

export function createCommunity(options: CommunityOptions): Community {
  const { registry, ledger, order, castVote, client, now = Date.now } = options
  return {
    members: createMembers({ registry, ledger, client, now }),
    shares: createShares({ registry, ledger, client }),
    feed: createFeed({ registry, order }),
    vote: async (site, { submission, value, reason }) => {
      const holder = await registry.memberSites.get(site)
      if (holder === null) {
        throw new CommunityError('not-member', 'The site is not a member of the community. Join first.')
      }
      const text = reason === null ? '' : plainText(reason, maxReason)
      await castVote({ member: holder.member, submission, value, reason: text === '' ? null : text })
    },
  }
}
