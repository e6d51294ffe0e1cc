import type { PostStanding, StandingHead, StandingTables, VoteStanding } from '@peerpress/registry'
import type { LedgerEvent } from '../ledger/entry.ts'
import { memberAfter, unproven } from './member-after.ts'
import { emptyStanding, factsOf, postOf, ranked, rarityFor, voteOf } from './post-of.ts'

/**
 * Updates the standing's tables after the next rows of the ledger: what they change, and nothing else.
 * @param last position of the last row; a row of an unknown kind is no event
 */
export async function applyEvents(
  tables: StandingTables,
  events: readonly LedgerEvent[],
  last: number,
): Promise<void> {
  const before = await tables.head()
  let head = before.seq === 0 ? emptyStanding : before
  for (const event of events) head = await apply(tables, event, head)
  await tables.setHead({ ...head, seq: last })
}

async function apply(tables: StandingTables, event: LedgerEvent, head: StandingHead): Promise<StandingHead> {
  switch (event.kind) {
    case 'proof':
      if (event.member !== null) await tables.setFacts(event.member, factsOf(event.body))
      await changeMember(tables, event, event.member)
      return head
    case 'left':
      await changeMember(tables, event, event.member)
      return head
    case 'submission':
      return addPost(tables, event, head)
    case 'vote':
      await changeVote(tables, event, head)
      return head
    case 'performance':
      await changePost(tables, event.body.submission, { head, change: { factor: event.body.factor } })
      return head
    case 'feed-mean':
      return { ...head, mean: event.body.mean }
    case 'decision':
      await decide(tables, event, head)
      return head
    default:
      return head
  }
}

async function decide(
  tables: StandingTables,
  event: LedgerEvent & { readonly kind: 'decision' },
  head: StandingHead,
): Promise<void> {
  const { subject, action } = event.body
  if (subject.type === 'submission') {
    await changePost(tables, subject.id, { head, change: { isHidden: action === 'hide' } })
  }
  if (subject.type !== 'member') return
  const before = await tables.member(subject.id)
  const wasBanned = before?.isBanned ?? false
  const isBanned = action === 'ban'
  if (isBanned !== wasBanned && (action === 'ban' || action === 'unban')) {
    await countVotesOf(tables, subject.id, { sign: isBanned ? -1 : 1, beganAt: head.beganAt ?? 0 })
  }
  await changeMember(tables, event, subject.id)
}

/** Counts all votes of a member site in the sums of their posts again, or no more. */
async function countVotesOf(
  tables: StandingTables,
  member: string,
  { sign, beganAt }: { readonly sign: 1 | -1; readonly beganAt: number },
): Promise<void> {
  const voted = await tables.votedPosts(member)
  await tables.putPosts(voted.map(({ post, vote }) => ranked(counting(post, vote, sign), beganAt)))
}

async function changeMember(
  tables: StandingTables,
  event: LedgerEvent,
  member: string | null,
): Promise<void> {
  if (member === null) return
  const next = memberAfter(await tables.member(member), event)
  if (next === null) return
  await tables.putMember(next)
  await tables.showPosts(member, !next.hasLeft && !next.isBanned)
}

async function addPost(
  tables: StandingTables,
  event: LedgerEvent & { readonly kind: 'submission' },
  head: StandingHead,
): Promise<StandingHead> {
  const post = postOf(event, head)
  if (post === null || (await tables.post(post.submission)) !== null) return head
  await tables.putPosts([{ ...post, isVisible: await isShown(tables, post) }])
  return { ...head, beganAt: head.beganAt ?? post.submittedAt }
}

async function changePost(
  tables: StandingTables,
  submission: string,
  { head, change }: { readonly head: StandingHead; readonly change: Partial<PostStanding> },
): Promise<void> {
  const before = await tables.post(submission)
  if (before === null) return
  const post = { ...before, ...change }
  await tables.putPosts([ranked({ ...post, isVisible: await isShown(tables, post) }, head.beganAt ?? 0)])
}

async function isShown(tables: StandingTables, post: PostStanding): Promise<boolean> {
  const author = await tables.member(post.member)
  return !post.isHidden && author !== null && !author.hasLeft && !author.isBanned
}

async function changeVote(
  tables: StandingTables,
  event: LedgerEvent & { readonly kind: 'vote' },
  head: StandingHead,
): Promise<void> {
  const { member } = event
  let post = await tables.post(event.body.submission)
  if (post === null || member === null) return
  const voter = await tables.member(member)
  const counts = voter?.isBanned !== true
  const old = await tables.vote(post.submission, member)
  const vote = voteOf(event, member)
  if (vote !== null && voter === null) await tables.putMember(unproven(member))
  if (old !== null) post = await takeVote(tables, post, { vote: old, counts })
  if (vote !== null) post = await addVote(tables, post, { vote, counts })
  await tables.putPosts([ranked(post, head.beganAt ?? 0)])
}

interface CountedVote {
  readonly vote: VoteStanding
  /** Whether its weight is in the sums. */
  readonly counts: boolean
}

async function addVote(
  tables: StandingTables,
  post: PostStanding,
  { vote, counts }: CountedVote,
): Promise<PostStanding> {
  const next = withVote(counts ? counting(post, vote, 1) : post, vote, 1)
  const rarity = rarityFor(next, vote.value)
  await adjustVoters(tables, vote, rarity - rarityFor(post, vote.value))
  await tables.putVote(vote)
  await tables.addNorms(vote.member, normsOf(vote.value, rarity))
  return next
}

async function takeVote(
  tables: StandingTables,
  post: PostStanding,
  { vote, counts }: CountedVote,
): Promise<PostStanding> {
  const next = withVote(counts ? counting(post, vote, -1) : post, vote, -1)
  const rarity = rarityFor(post, vote.value)
  await tables.removeVote(vote.submission, vote.member)
  await tables.addNorms(vote.member, normsOf(vote.value, -rarity))
  await adjustVoters(tables, vote, rarityFor(next, vote.value) - rarity)
  return next
}

/** The other voters' norms follow the post's rarity, which changes when the weight of its votes doubles or halves. */
async function adjustVoters(tables: StandingTables, vote: VoteStanding, change: number): Promise<void> {
  if (change !== 0) await tables.addVoterNorms(vote.submission, vote.value, change)
}

function counting(post: PostStanding, { value, weight }: VoteStanding, sign: 1 | -1): PostStanding {
  return value === 1 ? { ...post, up: post.up + sign * weight } : { ...post, down: post.down + sign * weight }
}

function withVote(post: PostStanding, { value, weight }: VoteStanding, sign: 1 | -1): PostStanding {
  return value === 1
    ? { ...post, upVotes: post.upVotes + sign, upGiven: post.upGiven + sign * weight }
    : { ...post, downVotes: post.downVotes + sign, downGiven: post.downGiven + sign * weight }
}

const normsOf = (value: 1 | -1, change: number) =>
  value === 1 ? { up: change, down: 0 } : { up: 0, down: change }
