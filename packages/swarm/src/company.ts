import type { Connections } from './connections.ts'
import type { Demands } from './demands.ts'
import type { Settings } from './engine-options.ts'
import type { Outbox } from './outbox.ts'
import type { Peer } from './peer.ts'

/**
 * Peers with something to offer that are company enough; the rest of the room is for those who come later. Asking for
 * all at once leaves latecomers none: 200 simulated readers then had a p95 of 81 s instead of 71.
 */
const enough = 10

/** ms from a lack of company to asking for more of it, by chance half as long to half as long again. */
const wantMs = 3000

/**
 * ms a peer may take until it offers something. With this and the constants above 300 simulated givers among 60 %
 * free-riders take 1.03 times as long as without them; with 12 peers of any kind it was 1.15.
 */
const graceMs = 5000

/** Peers at most that have to go at a time. */
const maxPartings = 4

/**
 * Whom to be connected with: enough peers that have something to offer. While something is still to be got, peers that
 * never offered anything make room for others, so that those who give find each other among many who don't. They are
 * served by whoever has all it wants.
 */
export class Company {
  readonly #settings: Settings
  readonly #random: () => number
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #demands: Demands
  readonly #connections: Connections
  #isExpected = false
  #dueAt = Infinity

  constructor(
    {
      settings,
      random,
      outbox,
    }: { readonly settings: Settings; readonly random: () => number; readonly outbox: Outbox },
    parts: {
      readonly peers: ReadonlyMap<string, Peer>
      readonly demands: Demands
      readonly connections: Connections
    },
  ) {
    this.#settings = settings
    this.#random = random
    this.#outbox = outbox
    this.#peers = parts.peers
    this.#demands = parts.demands
    this.#connections = parts.connections
  }

  get dueAt(): number {
    return this.#dueAt
  }

  /** There is a swarm: from now on company is looked for. */
  expect(now: number): void {
    this.#isExpected = true
    this.look(now)
  }

  /** Somebody is gone, or more company is needed than before: soon there will be a look around. */
  look(now: number): void {
    if (!this.#isExpected || this.#dueAt < Infinity) return
    this.#dueAt = now + wantMs * (0.5 + this.#random())
    this.#outbox.wake(this.#dueAt)
  }

  tick(now: number): void {
    if (now < this.#dueAt) return
    this.#dueAt = Infinity
    const isSeeking = this.#demands.size > 0
    let welcome = 0
    for (const { offers, joinedAt } of this.#peers.values()) {
      if (!isSeeking || offers || now < joinedAt + graceMs) welcome++
    }
    const lacking = enough - welcome
    if (lacking <= 0) return
    if (isSeeking) this.#makeRoom(lacking, now)
    const room = this.#settings.maxPeers - this.#peers.size
    if (room > 0) this.#outbox.push({ type: 'connect', peers: Math.min(lacking, room) })
    this.look(now)
  }

  /** Parts with those that have been here longest without offering anything. */
  #makeRoom(lacking: number, now: number): void {
    let partings = Math.min(maxPartings, lacking, this.#peers.size + lacking - this.#settings.maxPeers)
    for (const { id, offers, joinedAt } of this.#peers.values()) {
      if (partings <= 0) return
      if (offers || now < joinedAt + graceMs) continue
      this.#connections.drop(id, 'crowded')
      partings--
    }
  }
}
