export { CommunityError, type CommunityErrorCode, type LendingErrorCode } from './community-error.ts'
export { type CommunityLedger, createCommunityLedger } from './ledger/community-ledger.ts'
export {
  decisionActions,
  type EntryBody,
  type EntryKind,
  entryKinds,
  leavingReasons,
  type LedgerEntry,
  type LedgerEvent,
  reportReasons,
  revocationReasons,
  voteValues,
} from './ledger/entry.ts'
export { type Community, type CommunityOptions, createCommunity } from './community.ts'
export type { FeedEntry, MemberLabel, PostScore } from './feed/feed-entry.ts'
export type {
  DownvoteReason,
  Feed,
  FeedOrder,
  FeedPage,
  ListedEntry,
  Membership,
  MemberStanding,
  OwnEntry,
  RankedPost,
  Ranking,
} from './feed/feed.ts'
export { pageSize } from './feed/feed.ts'
export { renderList } from './feed/list-page.ts'
export { type MemberView, renderMember } from './feed/member-page.ts'
export { feedPath, type FeedView, hotView, memberPath, postPath } from './feed/paths.ts'
export { renderAbsence, renderPost } from './feed/post-page.ts'
export { pagePolicy } from './feed/style.ts'
export { renderJsonFeed, renderRss } from './feed/syndication.ts'
export type { Members } from './members/members.ts'
export { proofPath } from './members/proof-file.ts'
export type { Shares } from './posts/shares.ts'
export { createStandingOrder, type StandingOrderOptions } from './feed/standing-order.ts'
export {
  type CommunityLending,
  createLending,
  type GrantInput,
  leaseMs,
  type LendingOptions,
  type LentAdmission,
} from './lending/lending.ts'
export { isCurrent } from './lending/is-current.ts'
export { ReceiptWriter } from './lending/receipt-writer.ts'
export { maxSignedLength } from './lending/signed-terms.ts'
export { type BanCase, type Bans, isBanAppealed, isBanned } from './trust/bans.ts'
export { createModeration, type Moderation, type ModerationOptions } from './trust/moderation.ts'
export { appealOf, isAppealed, isHidden, isOpen, type ModerationCase } from './trust/moderation-case.ts'
export { createRereading, type Rereading, type RereadOutcome } from './trust/rereading.ts'
export { type CommunityRoleOptions, createCommunityRole } from './community-role.ts'
export { castVote, type CastVote, maxReason, type VoteInput, votesPerDay } from './standing/cast-vote.ts'
export { LedgerFold } from './standing/fold.ts'
export { recomputeStanding } from './standing/follow-ledger.ts'
export { createMeasuredViews, type MeasuredViews } from './standing/measured-views.ts'
export { feedMean, type Rank, rankOf, weightUnits } from './standing/rank.ts'
export { trustOf, weightOf } from './standing/weight.ts'
export { rarityOf } from './standing/rarity.ts'
