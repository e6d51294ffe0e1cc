import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import { deadlineOf, isLate } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from '../engine-options.ts'
import { OriginBudget } from './origin-budget.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/** Time that a demand in a swarm waits for its first connection, ms. */
const firstConnectionMs = 1500

/**
 * Minimum number of simultaneous requests per peer: one in flight, one queued. A peer that has sent nothing yet gets
 * one.
 */
const requestsPerPeer = 2

/** Number of attempts at peers before a chunk may be fetched from the origin. */
const maxTries = 8

/**
 * Time that a demand waits without a possible request to any peer, ms. After it the demand fetches one chunk after
 * another from the origin, without the limit of the budget. In a swarm of a thousand peers a chunk reaches every peer
 * sooner, so the peers then have nothing to give.
 */
const idleMs = 8000
/**
 * The same time for each doubling of the swarm's size, ms. It exceeds {@link idleMs} in a swarm of more than a thousand
 * peers, in which chunks travel longer. With a fixed 8 s, most of 100,000 simulated readers went to the origin before
 * the first chunk could reach them. Their download took 6000 s instead of 70 s.
 */
const idleMsPerDoubling = 800

/** Maximum number of chunks in flight from the origin while connections may still come. */
const maxInFlight = 8

/**
 * Minimum gain of a fetch from the origin, ms. If a peer should complete the chunk sooner, the origin is not used,
 * because a fetch takes time too. Late chunks are checked at the same interval.
 */
export const minGainMs = 200

/** Interval at which a late demand checks whether peers still fill this reader's link, ms. */
const linkCheckMs = 500

/** (√5 − 1) / 2 to six places. */
const goldenRatio = 0.618034

/** Number of unanswered requests, including cancelled ones, from which a peer gets no more requests. */
const maxUnanswered = 16

/**
 * Downloads demands of order `any`. From every peer it requests the rarest chunk that the peer holds, so that chunks
 * spread evenly and every peer soon has something that others lack. Chunks that no near peer holds come from the
 * origin, at a rate that all peers share.
 */
export class Bulk {
  readonly #settings: Settings
  readonly #random: () => number
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #demands: Demands
  readonly #downloads: Downloads
  readonly #budget: OriginBudget
  /** Time of the last request to a peer. */
  #requestedAt = -Infinity
  /** Size of the swarm when we joined, which differs for each peer that joins; 0 without a swarm. */
  #rank = 0

  constructor(parts: Parts) {
    this.#settings = parts.settings
    this.#random = parts.random
    this.#outbox = parts.outbox
    this.#peers = parts.peers
    this.#demands = parts.demands
    this.#downloads = parts.downloads
    this.#budget = new OriginBudget(parts.settings.originRate, parts.random)
  }

  swarmSize(peers: number, now: number): void {
    this.#rank ||= peers
    this.#budget.resize(peers, now)
  }

  /** Returns whether this class handles the demand: its order is `any`, and there are peers or may soon be. */
  handles({ order, since }: Demand, now: number): boolean {
    return (
      order === 'any' && (this.#peers.size > 0 || (this.#budget.size > 1 && now < since + firstConnectionMs))
    )
  }

  /**
   * Returns the number of chunks that may be fetched from the origin in addition to those in flight. Chunks in flight
   * from the origin are not requested from peers, so the number is small while connections may still come. Without this
   * limit, some of two dozen readers that the tracker kept waiting fetched all chunks at once, and got them last.
   */
  originLimit({ order }: Demand): number {
    if (order !== 'any') return Infinity
    let left = maxInFlight
    for (const { map, next, last } of this.#demands)
      for (let index = next; index <= last; index++) if (map.state(index) === Chunk.fetching) left--
    return left
  }

  /** Returns the time at which a demand of this class needs attention without another input. */
  dueAt(demand: Demand, now: number): number {
    const at = [
      demand.since + firstConnectionMs,
      this.#idleAt(demand),
      this.#budget.dueAt,
      deadlineOf(demand, demand.next),
      isLate(demand, now) ? now + linkCheckMs : Infinity,
    ]
    return Math.min(...at.filter((time) => time > now))
  }

  serve(demand: Demand, now: number): void {
    if (now === demand.since) this.#outbox.wake(now + firstConnectionMs)
    for (const peer of this.#peers.values()) this.#fill(peer, demand, now)
  }

  #idleAt({ since }: Demand): number {
    return (
      Math.max(this.#requestedAt, since) + Math.max(idleMs, idleMsPerDoubling * Math.log2(this.#budget.size))
    )
  }

  /** Requests as many chunks from a peer as its limit allows. */
  #fill(peer: Peer, demand: Demand, now: number): void {
    const { map } = demand
    const limit = peer.stalls > 0 || peer.givenBytes === 0 ? 1 : peer.requestLimit(map, requestsPerPeer)
    while (
      peer.load < limit &&
      peer.requests.length < maxUnanswered &&
      now >= peer.busyUntil &&
      demand.exhausted.get(peer) !== peer.announcements + map.reopened
    ) {
      const index = this.#rarest(demand, peer)
      if (index === undefined) {
        demand.exhausted.set(peer, peer.announcements + map.reopened)
        return
      }
      demand.usedPeers = true
      this.#requestedAt = now
      this.#downloads.request(peer, map, { index, now })
      this.#outbox.wake(now + this.#settings.stallMs)
    }
  }

  /** Returns the missing chunk held by a peer that the fewest peers hold. The search starts at a random index. */
  #rarest({ map, next, last, early }: Demand, peer: Peer): number | undefined {
    const count = last - next + 1
    const start = Math.floor(this.#random() * count)
    let best: number | undefined
    let fewest = Infinity
    for (let i = 0; i < count; i++) {
      const index = next + ((start + i) % count)
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      const holders = map.holders[index] ?? 0
      if (holders < fewest && peer.has(map, index)) {
        best = index
        fewest = holders
      }
    }
    return best
  }

  /**
   * Fetches from the origin what the budget allows. The budget earns only while it is needed. Its intervals are
   * memoryless, so restarting it changes nothing.
   *
   * Each peer picks an index as far as possible from the picks of others: multiples of the golden ratio leave no gap.
   * When all peers picked the first index, two dozen readers had the last chunk of a post after 7.7 s, although the
   * origin can send the whole post in 4 s.
   */
  useOrigin(demands: readonly Demand[], now: number): void {
    // One request at a time: if an origin cannot keep up, its readers request less and nothing twice.
    if (demands.some((demand) => isInFlight(demand, true))) return
    const idle = demands.filter((demand) => now >= this.#idleAt(demand) && !isInFlight(demand, false))
    const { inflow } = this.#downloads
    // While peers fill this reader's link, it leaves the origin to others.
    const late = inflow.isFilledByPeers(now) ? [] : demands.filter((demand) => isLate(demand, now))
    const pressed = idle.length > 0 ? idle : late
    // What is requested below is the origin's only request in flight.
    inflow.originSince = now
    const isPressed = pressed.length > 0
    if (!isPressed && this.#budget.isEarning && now < this.#budget.dueAt) return
    const mayTake = isPressed || this.#budget.isEarning
    const candidates: OriginChunk[] = []
    for (const demand of isPressed ? pressed : demands) {
      const { map } = demand
      const needed = this.#forOrigin(demand, idle.length > 0)
      if (mayTake && needed.some((index) => map.originFailed(index))) this.#demands.fail(demand)
      else if (!isPressed || needed.length > 0) for (const index of needed) candidates.push({ demand, index })
      // A late chunk is also fetched from the origin if possible. Its peers continue.
      else
        for (const index of this.#forOrigin(demand, true))
          if (!map.originFailed(index)) candidates.push({ demand, index })
    }
    const pick = candidates[Math.floor(((this.#rank * goldenRatio) % 1) * candidates.length)]
    if (pick === undefined) {
      this.#budget.stop()
      pressed.some((demand) => this.#hedge(demand, now))
      return
    }
    const { demand, index } = pick
    const { map } = demand
    if (isPressed) this.#demands.fallBack(demand)
    if (mayTake) this.#downloads.fetch(map, index, index)
    this.#budget.start(map.asset.chunkSize, now)
    this.#outbox.wake(this.#budget.dueAt)
  }

  /** Also fetches from the origin a chunk of a late demand whose peer is slow. Returns false if there is none. */
  #hedge({ map, next, last }: Demand, now: number): boolean {
    for (let index = next; index <= last; index++) {
      const assembly = map.requests.get(index)
      if (!assembly || map.originFailed(index) || assembly.peer.expectedAt(assembly, now) <= now + minGainMs)
        continue
      this.#downloads.hedge(map, index)
      return true
    }
    return false
  }

  /**
   * Returns the missing chunks that no peer holds or that peers failed too often. With `anyway` it returns all missing
   * chunks, because their holders cannot be used.
   */
  #forOrigin({ map, next, last, early }: Demand, anyway: boolean): number[] {
    const indices: number[] = []
    for (let index = next; index <= last; index++) {
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      if (anyway || map.holders[index] === 0 || map.timesLost(index) >= maxTries) indices.push(index)
    }
    return indices
  }
}

/** A chunk that may be fetched from the origin. */
interface OriginChunk {
  readonly demand: Demand
  readonly index: number
}

/** Returns whether any chunk of the demand is in flight. With `ofOrigin` only chunks from the origin count. */
function isInFlight({ map, next, last }: Demand, ofOrigin: boolean): boolean {
  for (let index = next; index <= last; index++) {
    const state = map.state(index)
    if (state === Chunk.fetching || map.hedged.has(index)) return true
    if (!ofOrigin && state !== Chunk.missing && state !== Chunk.have) return true
  }
  return false
}
