import type {
  MemberStanding,
  PostStanding,
  StandingHead,
  VoteStanding,
  WholeStanding,
} from '@peerpress/registry'
import type { LedgerEvent } from '../ledger/entry.ts'
import { memberAfter, unproven } from './member-after.ts'
import { emptyStanding, factsOf, postOf, ranked, voteOf } from './post-of.ts'
import { rarityOf } from './rarity.ts'
import type { Similarities } from './weight.ts'

interface FoldedPost {
  post: PostStanding
  readonly votes: Map<string, VoteStanding>
  /** Of all votes of a kind: how many, and the sum of their weights. */
  readonly up: Given
  readonly down: Given
}

interface Given {
  votes: number
  weight: number
}

/**
 * Computes the standing from the ledger alone, row by row, in memory: some 200 bytes a vote. What the tables hold after each
 * append equals its result.
 */
export class LedgerFold {
  readonly #members = new Map<string, MemberStanding>()
  readonly #facts = new Map<string, readonly string[]>()
  readonly #posts = new Map<string, FoldedPost>()
  readonly #votedOn = new Map<string, Set<string>>()
  #head: StandingHead = emptyStanding

  /** Adds the next row. */
  add(event: LedgerEvent): void {
    this.#head = { ...this.#head, seq: event.seq }
    switch (event.kind) {
      case 'proof':
        if (event.member !== null) this.#facts.set(event.member, factsOf(event.body))
        this.#changeMember(event)
        break
      case 'left':
        this.#changeMember(event)
        break
      case 'submission':
        this.#addPost(event)
        break
      case 'vote':
        this.#addVote(event)
        break
      case 'performance':
        this.#changePost(event.body.submission, { factor: event.body.factor })
        break
      case 'feed-mean':
        this.#head = { ...this.#head, mean: event.body.mean }
        break
      case 'decision':
        if (event.body.subject.type === 'member') this.#changeMember(event)
        if (event.body.subject.type === 'submission') {
          this.#changePost(event.body.subject.id, { isHidden: event.body.action === 'hide' })
        }
        break
    }
  }

  /** Returns all tables of the standing. */
  result(): WholeStanding {
    const beganAt = this.#head.beganAt ?? 0
    const posts = [...this.#posts.values()].map((folded) => this.#sumUp(folded, beganAt))
    const members = [...this.#members.values()].map((member) => ({
      ...member,
      norms: { up: this.#norm(member.member, 1), down: this.#norm(member.member, -1) },
      facts: this.#facts.get(member.member) ?? [],
    }))
    return { head: this.#head, members, posts, votes: this.#allVotes() }
  }

  /** Returns what a member site has in common with those that voted so on a post, leaving the post out. */
  similarities(member: string, submission: string, value: 1 | -1): Similarities {
    const voters = this.#posts.get(submission)?.votes ?? new Map<string, VoteStanding>()
    const common = new Map<string, number>()
    for (const id of this.#votedOn.get(member) ?? []) {
      const other = this.#posts.get(id)
      if (id === submission || other?.votes.get(member)?.value !== value) continue
      for (const vote of other.votes.values()) {
        if (vote.member === member || vote.value !== value || voters.get(vote.member)?.value !== value)
          continue
        common.set(vote.member, (common.get(vote.member) ?? 0) + rarity(other, value))
      }
    }
    const affinities = [...common].map(([voter, shared]) => ({
      common: shared,
      norm: this.#norm(voter, value, submission),
    }))
    return { norm: this.#norm(member, value, submission), affinities }
  }

  #norm(member: string, value: 1 | -1, leftOut?: string): number {
    let sum = 0
    for (const id of this.#votedOn.get(member) ?? []) {
      const folded = this.#posts.get(id)
      if (id !== leftOut && folded?.votes.get(member)?.value === value) sum += rarity(folded, value)
    }
    return sum
  }

  #changeMember(event: LedgerEvent): void {
    const id = event.kind === 'decision' ? event.body.subject.id : event.member
    if (id === null) return
    const next = memberAfter(this.#members.get(id) ?? null, event)
    if (next !== null) this.#members.set(id, next)
  }

  #addPost(event: LedgerEvent & { readonly kind: 'submission' }): void {
    const post = postOf(event, this.#head)
    if (post === null || this.#posts.has(post.submission)) return
    this.#head = { ...this.#head, beganAt: this.#head.beganAt ?? post.submittedAt }
    this.#posts.set(post.submission, {
      post,
      votes: new Map(),
      up: { votes: 0, weight: 0 },
      down: { votes: 0, weight: 0 },
    })
  }

  #changePost(submission: string, change: Partial<PostStanding>): void {
    const folded = this.#posts.get(submission)
    if (folded !== undefined) folded.post = { ...folded.post, ...change }
  }

  #addVote(event: LedgerEvent & { readonly kind: 'vote' }): void {
    const folded = this.#posts.get(event.body.submission)
    const { member } = event
    if (folded === undefined || member === null) return
    const old = folded.votes.get(member)
    if (old !== undefined) give(folded, old, -1)
    folded.votes.delete(member)
    const votedOn = this.#votedOn.get(member) ?? new Set()
    this.#votedOn.set(member, votedOn)
    const vote = voteOf(event, member)
    if (vote === null) {
      votedOn.delete(event.body.submission)
      return
    }
    folded.votes.set(member, vote)
    give(folded, vote, 1)
    votedOn.add(vote.submission)
    if (!this.#members.has(member)) this.#members.set(member, unproven(member))
  }

  #sumUp({ post, votes, up, down }: FoldedPost, beganAt: number): PostStanding {
    const sums: Record<1 | -1, number> = { 1: 0, [-1]: 0 }
    for (const { member, value, weight } of votes.values()) {
      if (this.#members.get(member)?.isBanned !== true) sums[value] += weight
    }
    const author = this.#members.get(post.member)
    const isVisible = !post.isHidden && author !== undefined && !author.hasLeft && !author.isBanned
    const given = { upVotes: up.votes, downVotes: down.votes, upGiven: up.weight, downGiven: down.weight }
    return ranked({ ...post, ...given, up: sums[1], down: sums[-1], isVisible }, beganAt)
  }

  *#allVotes(): Generator<VoteStanding> {
    for (const { votes } of this.#posts.values()) yield* votes.values()
  }
}

function give({ up, down }: FoldedPost, { value, weight }: VoteStanding, sign: 1 | -1): void {
  const given = value === 1 ? up : down
  given.votes += sign
  given.weight += sign * weight
}

const rarity = ({ up, down }: FoldedPost, value: 1 | -1) => rarityOf(value === 1 ? up : down)
