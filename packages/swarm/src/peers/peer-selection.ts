import type { AssetId } from '@peerpress/wire'
import type { ChunkMap } from '../download/chunk-map.ts'
import type { Connections } from './connections.ts'
import type { Demands } from '../download/demands.ts'
import type { Settings } from '../engine-options.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import type { Peer } from './peer.ts'
import type { Receipts } from '../upload/receipts.ts'

/**
 * Number of peers with something to offer that is enough. The remaining slots are for peers that join later. If each
 * peer requested all slots at once, latecomers would find none: the p95 of 200 simulated readers was 81 s then instead
 * of 71 s.
 */
const enoughPeers = 10

/**
 * Time from a lack of useful peers to a request for more, ms. It varies randomly by half, and doubles after each
 * unsuccessful request. Without the doubling, readers among many free-riders used up the tracker's introductions before
 * the peers with chunks were done and had free slots.
 */
const minRequestMs = 3000
const maxRequestMs = 24_000

/**
 * Time that a peer may take until it offers something, ms. With this and the constants above, 300 simulated sharing
 * peers among 60 % free-riders take 1.03 times as long as without free-riders. With 12 peers of any kind it was 1.15.
 */
const graceMs = 5000

/** Maximum number of peers that are dropped at a time. */
const maxDrops = 4

/**
 * Decides which peers to connect with: enough peers that have something to offer. While chunks are still missing, peers
 * that never offered anything make room for others, so that sharing peers find each other among many free-riders.
 * Complete peers serve the free-riders, and drop other complete peers. In a simulation of 1000 readers with 60 %
 * free-riders, the free-riders' p95 was 580 s while complete peers stayed connected with each other. It is 172 s since.
 */
export class PeerSelection {
  readonly #settings: Settings
  readonly #random: () => number
  readonly #outbox: Outbox
  readonly #maps: ReadonlyMap<AssetId, ChunkMap>
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #demands: Demands
  readonly #connections: Connections
  readonly #receipts: Receipts
  #isStarted = false
  #dueAt = Infinity
  #requestMs = minRequestMs
  /** Number of useful peers at the last check. */
  #lastUseful = 0

  constructor(parts: Parts, connections: Connections) {
    this.#settings = parts.settings
    this.#random = parts.random
    this.#outbox = parts.outbox
    this.#maps = parts.maps
    this.#peers = parts.peers
    this.#demands = parts.demands
    this.#receipts = parts.receipts
    this.#connections = connections
  }

  get dueAt(): number {
    return this.#dueAt
  }

  /** Starts the search for peers, because there is a swarm. */
  start(now: number): void {
    this.#isStarted = true
    this.scheduleCheck(now)
  }

  /** Searches at the initial interval again, because there is a new demand. */
  restart(now: number): void {
    this.#requestMs = minRequestMs
    this.scheduleCheck(now)
  }

  /** Schedules a check, because a peer is gone. */
  scheduleCheck(now: number): void {
    if (!this.#isStarted || this.#dueAt < Infinity) return
    this.#dueAt = now + this.#requestMs * (0.5 + this.#random())
    this.#outbox.wake(this.#dueAt)
  }

  /**
   * Schedules a check after we or a peer got a chunk. Two complete peers are of no use to each other and owe each other
   * nothing.
   */
  chunkArrived(now: number): void {
    if (!this.#isComplete) return
    this.#receipts.tick(Infinity)
    this.scheduleCheck(now)
  }

  tick(now: number): void {
    if (now < this.#dueAt) return
    this.#dueAt = Infinity
    if (this.#isComplete) {
      // A complete peer requests no introductions: peers in need find it.
      for (const peer of this.#peers.values())
        if (peer.hasAll(this.#maps.values())) this.#connections.drop(peer.id, 'crowded')
      return
    }
    const isSeeking = this.#demands.size > 0
    let useful = 0
    for (const { hasOffered: offers, joinedAt } of this.#peers.values()) {
      if (!isSeeking || offers || now < joinedAt + graceMs) useful++
    }
    this.#requestMs = useful > this.#lastUseful ? minRequestMs : Math.min(maxRequestMs, this.#requestMs * 2)
    this.#lastUseful = useful
    const missing = enoughPeers - useful
    if (missing <= 0) return
    if (isSeeking) this.#makeRoom(missing, now)
    const room = this.#settings.maxPeers - this.#peers.size
    if (room > 0) this.#outbox.push({ type: 'connect', peers: Math.min(missing, room) })
    this.scheduleCheck(now)
  }

  get #isComplete(): boolean {
    for (const { haveCount: had, count } of this.#maps.values()) if (had < count) return false
    return this.#maps.size > 0
  }

  /** Drops the longest-connected peers that have offered nothing. */
  #makeRoom(missing: number, now: number): void {
    let drops = Math.min(maxDrops, missing, this.#peers.size + missing - this.#settings.maxPeers)
    for (const { id, hasOffered: offers, joinedAt } of this.#peers.values()) {
      if (drops <= 0) return
      if (offers || now < joinedAt + graceMs) continue
      this.#connections.drop(id, 'crowded')
      drops--
    }
  }
}
