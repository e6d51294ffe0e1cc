import { rankOf, rarityOf, weightOf } from '@peerpress/community'

/** A post of the simulated feed. */
export interface SimulatedPost {
  readonly author: number
  /** ms since the feed began */
  readonly at: number
  readonly quality: number
  readonly topic: number
  readonly isRing: boolean
  /** The feed's mean when it was shared. */
  readonly mean: number
}

/** Votes of one direction: who voted on what, and what voters have in common. */
class Direction {
  readonly voters = new Map<SimulatedPost, number[]>()
  readonly sums = new Map<SimulatedPost, number>()
  #total = 0
  readonly #norms: Float64Array
  readonly #common: Float64Array
  readonly #members: number

  constructor(members: number) {
    this.#members = members
    this.#norms = new Float64Array(members)
    this.#common = new Float64Array(members * members)
  }

  get total(): number {
    return this.#total
  }

  weigh(voter: number, post: SimulatedPost, trust: number): number {
    const others = this.voters.get(post) ?? []
    const rarity = this.#rarityOf(post)
    const affinities = others.map((other) => ({
      common: this.#common[voter * this.#members + other] ?? 0,
      norm: (this.#norms[other] ?? 0) - rarity,
    }))
    // A pair without another vote in common is not similar; two sites that voted on nothing else have no cosine.
    const counted = affinities.filter(({ common }) => common > 0)
    return weightOf(trust, { norm: this.#norms[voter] ?? 0, affinities: counted })
  }

  add(voter: number, post: SimulatedPost, weight: number): void {
    const others = this.voters.get(post) ?? []
    this.voters.set(post, others)
    const before = this.#rarityOf(post)
    const sum = (this.sums.get(post) ?? 0) + weight
    const after = rarityOf({ votes: others.length + 1, weight: sum })
    if (others.length > 0 && after !== before) this.#share(others, after - before)
    for (const other of others) this.#addCommon(voter, other, after)
    this.#norms[voter]! += after
    others.push(voter)
    this.sums.set(post, sum)
    this.#total += weight
  }

  #rarityOf(post: SimulatedPost): number {
    return rarityOf({ votes: this.voters.get(post)?.length ?? 0, weight: this.sums.get(post) ?? 0 })
  }

  /** The rarity of a post has changed for all that voted on it. */
  #share(voters: readonly number[], change: number): void {
    for (const [index, a] of voters.entries()) {
      this.#norms[a]! += change
      for (const b of voters.slice(0, index)) this.#addCommon(a, b, change)
    }
  }

  #addCommon(a: number, b: number, change: number): void {
    this.#common[a * this.#members + b]! += change
    this.#common[b * this.#members + a]! += change
  }
}

/**
 * The votes of a simulated feed, weighed by the product's own functions. What voters have in common is in a matrix, so that
 * thousands of weeks take seconds.
 */
export class SimulatedVotes {
  readonly #up: Direction
  readonly #down: Direction
  readonly #trust: (member: number) => number

  constructor(members: number, trust: (member: number) => number) {
    this.#up = new Direction(members)
    this.#down = new Direction(members)
    this.#trust = trust
  }

  /** Casts a vote and returns its weight in millionths; null if the member voted on the post before. */
  cast(voter: number, post: SimulatedPost, value: 1 | -1): number | null {
    for (const { voters } of [this.#up, this.#down]) if (voters.get(post)?.includes(voter)) return null
    const direction = value === 1 ? this.#up : this.#down
    const weight = voter === post.author ? 0 : direction.weigh(voter, post, this.#trust(voter))
    direction.add(voter, post, weight)
    return weight
  }

  /** Sums of the weights of all votes, millionths. */
  totals(): { readonly up: number; readonly down: number } {
    return { up: this.#up.total, down: this.#down.total }
  }

  /** Returns `U × Q` of a post and its rank. */
  scoreOf(post: SimulatedPost): { readonly score: number; readonly hot: number } {
    const [up, down] = [this.#up.sums.get(post) ?? 0, this.#down.sums.get(post) ?? 0]
    const rank = rankOf({ up, down, mean: post.mean, factor: 1, submittedAt: post.at, beganAt: 0 })
    return { score: rank.upvotes * rank.quality, hot: rank.hot }
  }

  /** Returns the rank that plain net votes give a post, with the same reward for being new. */
  plainHotOf(post: SimulatedPost): number {
    const net = (this.#up.voters.get(post)?.length ?? 0) - (this.#down.voters.get(post)?.length ?? 0)
    return Math.log2(Math.max(1, net)) + post.at / 3_600_000 / 48
  }
}
