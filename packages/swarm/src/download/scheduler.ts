import { Bulk, minGainMs } from './bulk.ts'
import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import { deadlineOf, isLate } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from '../engine-options.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/** Number of attempts at peers before a chunk is fetched from the origin. */
const maxTries = 4

/** Maximum bytes of one request to the origin. An abandoned download can still cost the origin this much. */
const maxFetchBytes = 8 * 1024 * 1024

/** Maximum number of simultaneous requests to the origin per demand. Its missing chunks may be scattered. */
const maxFetches = 4

/** Number of unanswered requests, including cancelled ones, from which a peer gets no more requests. */
const maxUnanswered = 16

/** Time after joining that a peer has to send its bitfields before the scheduler stops waiting for them, ms. */
export const bitfieldWaitMs = 500

/** One choice in `exploreEvery` ignores the measured rates, because a peer that was slow may be fast by now. */
const exploreEvery = 10

/**
 * Time before the deadline from which a chunk that will be late at its peer's pace is also fetched from the origin, ms.
 * Before that time the peer may still catch up. Emulated players read 720 ranges from peers of which one slowed down.
 * Without hedging 154 ranges were late, by up to 1.9 s; with it 29, by up to 0.14 s. 7 % of the bytes were wasted.
 */
const hedgeMs = 600

/** The conditions that apply to all chunks of a demand at the moment. */
interface Situation {
  readonly now: number
  readonly demand: Demand
  /** Whether a peer has just joined and may still send its bitfields. */
  readonly awaitsBitfield: boolean
}

type Choice = Peer | 'origin' | 'wait' | 'failed'

/**
 * Decides which chunks are requested from which source. A missing chunk within a demand's window is requested from a
 * peer that holds it. It is fetched from the origin if the deadline has passed, if no peer holds it, or if peers failed
 * it too often. If the origin failed as well, the demand fails. The scheduler waits only for events that are certain: a
 * free slot of a peer, the end of a busy peer's pause, the bitfields of a new peer.
 */
export class Scheduler {
  readonly #settings: Settings
  readonly #random: () => number
  readonly #outbox: Outbox
  readonly #peers: ReadonlyMap<string, Peer>
  readonly #demands: Demands
  readonly #downloads: Downloads
  readonly #bulk: Bulk

  constructor(parts: Parts) {
    this.#settings = parts.settings
    this.#random = parts.random
    this.#outbox = parts.outbox
    this.#peers = parts.peers
    this.#demands = parts.demands
    this.#downloads = parts.downloads
    this.#bulk = new Bulk(parts)
  }

  swarmSize(peers: number, now: number): void {
    this.#bulk.swarmSize(peers, now)
  }

  run(now: number): void {
    const byUrgency = [...this.#demands].toSorted((a, b) => deadlineOf(a, a.next) - deadlineOf(b, b.next))
    const bulk = byUrgency.filter((demand) => this.#bulk.handles(demand, now))
    for (const demand of byUrgency) {
      if (bulk.includes(demand)) this.#bulk.serve(demand, now)
      else this.#serve(demand, now)
    }
    this.#bulk.useOrigin(bulk, now)
  }

  /** Returns the time at which a demand needs attention without another input. */
  dueAt(demand: Demand, now: number): number {
    if (this.#bulk.handles(demand, now)) return this.#bulk.dueAt(demand, now)
    const { map, next, last } = demand
    let due = Infinity
    const end = Math.min(last, next + this.#settings.window - 1)
    for (let index = next; index <= end; index++) {
      if (map.state(index) === Chunk.have) continue
      const at = deadlineOf(demand, index)
      // The deadlines of later chunks are later still.
      if (at - hedgeMs >= due) break
      for (const time of [at - hedgeMs, at, at + this.#settings.stallMs])
        if (time > now) due = Math.min(due, time)
      if (now >= at - hedgeMs && map.requests.has(index)) due = Math.min(due, now + minGainMs)
    }
    return due
  }

  #serve(demand: Demand, now: number): void {
    const { map, early } = demand
    const late = isLate(demand, now)
    const situation: Situation = { now, demand, awaitsBitfield: !late && this.#awaitsBitfield(map, now) }
    const end = Math.min(demand.last, demand.next + this.#settings.window - 1)
    if (late) for (let index = demand.next; index <= end; index++) this.#cancelLate(demand, index, now)
    let originLimit = this.#bulk.originLimit(demand)
    let fetches = 0
    for (let index = demand.next; index <= end; index++) {
      if (map.state(index) === Chunk.fetching) {
        if (index === demand.next || map.state(index - 1) !== Chunk.fetching) fetches++
        continue
      }
      if (fetches < maxFetches && !map.hedged.has(index) && this.#isAtRisk(demand, index, now))
        this.#hedge(map, index)
      if (map.hedged.has(index)) fetches++
      if (map.state(index) !== Chunk.missing || early.has(index)) continue
      const choice = this.#choose(map, index, situation)
      if (choice === 'failed') {
        this.#demands.fail(demand)
        return
      }
      if (choice === 'wait') continue
      if (choice !== 'origin') {
        demand.usedPeers = true
        this.#downloads.request(choice, map, { index, now })
        this.#outbox.wake(now + this.#settings.stallMs)
      } else if (fetches < maxFetches && originLimit > 0) {
        fetches++
        const last = this.#fetch(demand, index, { ...situation, originLimit })
        originLimit -= last - index + 1
        index = last
      }
    }
  }

  /** Returns whether a peer is about to miss, or has missed, the deadline of a chunk, and the origin may be sooner. */
  #isAtRisk(demand: Demand, index: number, now: number): boolean {
    const { map } = demand
    const assembly = map.requests.get(index)
    const deadline = deadlineOf(demand, index)
    if (assembly === undefined || now < deadline - hedgeMs || map.originFailed(index)) return false
    return assembly.peer.expectedAt(assembly, now) > Math.max(deadline, now + minGainMs)
  }

  /**
   * Also fetches a chunk from the origin if its peer has begun to send it. Otherwise it cancels the peer's request,
   * which costs nothing.
   */
  #hedge(map: ChunkMap, index: number): void {
    const assembly = map.requests.get(index)
    if (assembly?.begun === false) {
      map.countLoss(index)
      this.#downloads.cancel(assembly)
    } else {
      this.#downloads.hedge(map, index)
    }
  }

  /** Cancels a late request unless the peer has begun to send the chunk. A begun chunk gets a little more time. */
  #cancelLate(demand: Demand, index: number, now: number): void {
    const { map } = demand
    const deadline = deadlineOf(demand, index)
    const assembly = map.requests.get(index)
    if (now < deadline || assembly === undefined || map.originFailed(index)) return
    if (!assembly.begun || now >= deadline + this.#settings.stallMs) this.#downloads.cancel(assembly)
  }

  #choose(map: ChunkMap, index: number, { now, demand, awaitsBitfield: greeting }: Situation): Choice {
    const originFailed = map.originFailed(index)
    const atOrigin = originFailed ? 'failed' : 'origin'
    const late = now >= deadlineOf(demand, index)
    // If the origin failed, peers are asked even if the chunk is late.
    if ((late && !originFailed) || map.timesLost(index) >= maxTries) return atOrigin
    if (map.holders[index] === 0) return greeting ? 'wait' : atOrigin
    return this.#fastestHolder(map, index, now) ?? atOrigin
  }

  /**
   * Returns the holder that should send the chunk first, according to its load and its measured rate. A peer without a
   * measured rate counts as fast. Returns undefined if no holder will ever be usable.
   */
  #fastestHolder(map: ChunkMap, index: number, now: number): Peer | 'wait' | undefined {
    const { requestsPerPeer, maxSources } = this.#settings
    let sources = 0
    let fastest = 0
    for (const peer of this.#peers.values()) {
      if (peer.load > 0) sources++
      fastest = Math.max(fastest, peer.rate ?? 0)
    }
    const isExploring = this.#random() < 1 / exploreEvery
    let best: Peer | undefined
    let soonest = Infinity
    let ties = 0
    let wait = false
    for (const peer of this.#peers.values()) {
      if (!peer.has(map, index)) continue
      const { load, stalls } = peer
      const limit = stalls > 0 ? 1 : peer.requestLimit(map, requestsPerPeer)
      if (now < peer.busyUntil) {
        wait ||= peer.isWorthWaiting
        continue
      }
      if (peer.requests.length >= maxUnanswered) {
        // Pending chunks arrive or stall, so waiting ends. Cancelled chunks may stay unanswered for ever.
        wait ||= load > 0
        continue
      }
      if (load >= limit || (load === 0 && sources >= maxSources)) {
        wait = true
        continue
      }
      const slowness = fastest === 0 || isExploring ? 1 : fastest / (peer.rate ?? fastest)
      const expected = (load + 1) * slowness
      if (expected < soonest) {
        best = peer
        soonest = expected
        ties = 1
      } else if (expected === soonest && this.#random() < 1 / ++ties) {
        best = peer
      }
    }
    return best ?? (wait ? 'wait' : undefined)
  }

  /** Fetches a run of chunks that all belong to the origin, also past the window. Returns the last index. */
  #fetch(demand: Demand, first: number, situation: Situation & { readonly originLimit: number }): number {
    const { map } = demand
    const chunks = Math.max(
      1,
      Math.min(situation.originLimit, Math.floor(maxFetchBytes / map.asset.chunkSize)),
    )
    const end = Math.min(demand.last, first + chunks - 1)
    let last = first
    while (last < end && this.#isForOrigin(map, last + 1, situation)) last++
    this.#demands.fallBack(demand)
    this.#downloads.fetch(map, first, last)
    return last
  }

  /** Returns whether a peer that has just joined may still report chunks of an asset. */
  #awaitsBitfield(map: ChunkMap, now: number): boolean {
    for (const peer of this.#peers.values()) {
      if (!peer.hasBitfield(map) && now < peer.joinedAt + bitfieldWaitMs) return true
    }
    return false
  }

  #isForOrigin(map: ChunkMap, index: number, situation: Situation): boolean {
    if (map.state(index) !== Chunk.missing || situation.demand.early.has(index)) return false
    return this.#choose(map, index, situation) === 'origin'
  }
}
