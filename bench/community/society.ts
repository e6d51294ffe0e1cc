import { feedMean } from '@peerpress/community'
import { seededRandom } from '@peerpress/swarm/simulation'
import { type SimulatedPost, SimulatedVotes } from './votes.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const honestOwners = 50
/** Posts that are compared. */
const topPosts = 20
const votesPerDay = 20
const topics = 5

/** The simulated member sites: how many are a ring, and how each kind votes. */
export interface Society {
  readonly seed: number
  readonly days: number
  /** Domains of the ring; none without attackers. */
  readonly ring: number
  /** Upvotes of each ring domain on posts of others. */
  readonly camouflage: number
  /** Whether it casts them each day, or once, spread over all days. */
  readonly camouflageEach: 'day' | 'run'
  /** `popular`: on the posts that lead, as honest owners like them. `any`: on any recent post. */
  readonly camouflageOn: 'popular' | 'any'
  /** Whether honest owners downvote what they find bad. */
  readonly honestDownvote: boolean
  /** Whether the ring has waited 90 days, so that its votes weigh all. */
  readonly isSleeper: boolean
  /** Whether the ring downvotes the ten leading honest posts each day. */
  readonly isBrigade: boolean
}

/** What came of it. */
export interface Outcome {
  /** Ring posts among the top 20, mean over the days after the first five. */
  readonly ringInTop: number
  /** The same by plain net votes. */
  readonly ringInPlainTop: number
  /** `U × Q` of the honest posts in the order of their sharing. */
  readonly honestScores: readonly number[]
  /** Whether the best post of a newcomer, an owner without earlier votes or posts, reached the top 20 within two days. */
  readonly newcomerReachedTop: boolean
}

/**
 * Simulates a feed. Honest owners share a post every second day, look at a quarter of the posts of two days, upvote what they
 * like (better posts, and topics of their own) and downvote a fifth of the bad ones. What they see and like depends on the seed
 * alone, so that the same honest votes are cast with and without attackers. A ring shares three bad posts a day, and all of its
 * domains upvote them.
 */
export function simulate(society: Society): Outcome {
  const feed = new SimulatedFeed(society)
  for (let day = 0; day < society.days; day++) feed.live(day)
  return feed.outcome()
}

/** Numbers the honest owners 0-49, the newcomer 50, and the ring from there on. */
const newcomer = honestOwners

class SimulatedFeed {
  readonly #society: Society
  readonly #votes: SimulatedVotes
  readonly #posts: SimulatedPost[] = []
  /** Topics that each honest owner likes. */
  readonly #tastes: readonly (readonly number[])[]
  /** Random numbers for honest owners: they do the same with and without attackers. */
  readonly #honest: () => number
  readonly #attacker: () => number
  readonly #ring: readonly number[]
  readonly #inTop: number[] = []
  readonly #inPlainTop: number[] = []
  #newcomersPost: SimulatedPost | null = null
  #newcomerReachedTop = false

  constructor(society: Society) {
    this.#society = society
    this.#honest = seededRandom(society.seed)
    this.#attacker = seededRandom(society.seed + 1_000_000)
    this.#ring = Array.from({ length: society.ring }, (_, index) => newcomer + 1 + index)
    this.#tastes = Array.from({ length: honestOwners }, () => [this.#draw(topics), this.#draw(topics)])
    const trustOfRing = society.isSleeper ? 1 : 0.5
    this.#votes = new SimulatedVotes(newcomer + 1 + society.ring, (member) =>
      member > newcomer ? trustOfRing : 1,
    )
  }

  live(day: number): void {
    const mean = feedMean(this.#votes.totals())
    const honestPosts = this.#shareHonest(day, mean)
    const ringPosts = this.#shareRing(day, mean)
    this.#posts.push(...honestPosts, ...ringPosts)
    const recent = this.#posts.filter(({ at }) => at > (day - 1) * dayMs)
    const votes = [...this.#honestVotes(recent), ...this.#ringVotes(ringPosts, recent)]
    this.#castInOrder(votes)
    this.#look(day)
  }

  outcome(): Outcome {
    const mean = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0) / counts.length
    return {
      ringInTop: mean(this.#inTop),
      ringInPlainTop: mean(this.#inPlainTop),
      honestScores: this.#posts
        .filter(({ isRing }) => !isRing)
        .map((post) => this.#votes.scoreOf(post).score),
      newcomerReachedTop: this.#newcomerReachedTop,
    }
  }

  #draw(below: number): number {
    return Math.floor(this.#honest() * below)
  }

  #shareHonest(day: number, mean: number): SimulatedPost[] {
    const posts: SimulatedPost[] = []
    for (let author = 0; author < honestOwners; author++) {
      const [shares, quality, hour] = [this.#honest() < 0.5, this.#honest(), this.#honest() * 24]
      const topic = this.#tastes[author]?.[0] ?? 0
      if (shares) posts.push({ author, at: day * dayMs + hour * hourMs, quality, topic, isRing: false, mean })
    }
    if (day === this.#society.days - 3) {
      this.#newcomersPost = {
        author: newcomer,
        // At any hour, as others do; drawn apart, so that honest owners do the same in every society.
        at: day * dayMs + seededRandom(this.#society.seed + 2_000_000)() * dayMs,
        quality: 0.95,
        topic: this.#commonTopic(),
        isRing: false,
        mean,
      }
      posts.push(this.#newcomersPost)
    }
    return posts
  }

  /** Returns the topic that most owners like. */
  #commonTopic(): number {
    const fans = (topic: number) => this.#tastes.filter((taste) => taste.includes(topic)).length
    return Array.from({ length: topics }, (_, topic) => topic).toSorted((a, b) => fans(b) - fans(a))[0] ?? 0
  }

  #shareRing(day: number, mean: number): SimulatedPost[] {
    if (this.#ring.length === 0) return []
    return Array.from({ length: 3 }, () => ({
      author: this.#ring[Math.floor(this.#attacker() * this.#ring.length)] ?? 0,
      at: day * dayMs + this.#attacker() * dayMs,
      quality: 0.15,
      topic: Math.floor(this.#attacker() * topics),
      isRing: true,
      mean,
    }))
  }

  #honestVotes(recent: readonly SimulatedPost[]): PlannedVote[] {
    return recent.flatMap((post) => {
      const random = post.isRing ? this.#attacker : this.#honest
      return Array.from({ length: honestOwners }, (_, voter): PlannedVote | null => {
        const [sees, likes, turn] = [random() < 0.25, random(), random()]
        if (!sees || voter === post.author) return null
        const liking = post.quality * (this.#tastes[voter]?.includes(post.topic) === true ? 1 : 0.5)
        if (likes < 0.9 * liking ** 2) return { voter, post, value: 1, turn }
        const dislikes = this.#society.honestDownvote && likes > 0.8 && post.quality < 0.3
        return dislikes ? { voter, post, value: -1, turn } : null
      }).filter((vote) => vote !== null)
    })
  }

  #ringVotes(own: readonly SimulatedPost[], recent: readonly SimulatedPost[]): PlannedVote[] {
    const { camouflage, camouflageEach, camouflageOn, days, isBrigade } = this.#society
    const perDay = camouflageEach === 'day' ? camouflage : camouflage / days
    // A fraction of a vote a day is a vote on that share of the days.
    const today = () => Math.floor(perDay) + (this.#attacker() < perDay % 1 ? 1 : 0)
    const others = recent.filter(({ isRing }) => !isRing)
    const leading = others.toSorted((a, b) => this.#votes.scoreOf(b).score - this.#votes.scoreOf(a).score)
    const pool = camouflageOn === 'popular' ? leading.slice(0, 25) : others
    const vote = (voter: number, post: SimulatedPost, value: 1 | -1) => ({
      voter,
      post,
      value,
      turn: this.#attacker(),
    })
    return this.#ring.flatMap((voter) => [
      ...own.map((post) => vote(voter, post, 1)),
      ...Array.from({ length: pool.length === 0 ? 0 : today() }, () =>
        vote(voter, pool[Math.floor(this.#attacker() * pool.length)]!, 1),
      ),
      ...(isBrigade ? leading.slice(0, 10).map((post) => vote(voter, post, -1)) : []),
    ])
  }

  #castInOrder(votes: readonly PlannedVote[]): void {
    const cast = new Map<number, number>()
    for (const { voter, post, value } of votes.toSorted((a, b) => a.turn - b.turn)) {
      const before = cast.get(voter) ?? 0
      if (before >= votesPerDay) continue
      if (this.#votes.cast(voter, post, value) !== null) cast.set(voter, before + 1)
    }
  }

  #look(day: number): void {
    const top = this.#topBy((post) => this.#votes.scoreOf(post).hot)
    if (this.#newcomersPost !== null && top.includes(this.#newcomersPost)) this.#newcomerReachedTop = true
    if (day < 5) return
    const ringPosts = (posts: readonly SimulatedPost[]) => posts.filter(({ isRing }) => isRing).length
    this.#inTop.push(ringPosts(top))
    this.#inPlainTop.push(ringPosts(this.#topBy((post) => this.#votes.plainHotOf(post))))
  }

  #topBy(rank: (post: SimulatedPost) => number): SimulatedPost[] {
    const ranked = this.#posts.map((post) => ({ post, rank: rank(post) }))
    return ranked
      .toSorted((a, b) => b.rank - a.rank)
      .slice(0, topPosts)
      .map(({ post }) => post)
  }
}

interface PlannedVote {
  readonly voter: number
  readonly post: SimulatedPost
  readonly value: 1 | -1
  /** Votes of a day are cast in the order of their turns. */
  readonly turn: number
}
