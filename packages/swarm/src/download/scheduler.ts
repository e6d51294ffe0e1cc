import { Bulk, leastGainMs } from './bulk.ts'
import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import { deadlineOf, isLate } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from '../engine-options.ts'
import type { Outbox } from '../outbox.ts'
import type { Parts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'

/** How often peers are tried for a chunk before the origin is. */
const maxTries = 4

/** Bytes of one request to the origin at most: what an abandoned download can still cost it. */
const maxFetchBytes = 8 * 1024 * 1024

/** Requests to the origin at a time for one demand: what it lacks may be scattered. */
const maxFetches = 4

/** Unanswered requests, cancelled ones included, past which a peer is asked for nothing more. */
const maxOwed = 16

/** ms after joining that a peer has to tell what it holds before nobody waits for that any more. */
export const greetingMs = 500

/** One choice in so many falls on any peer that can be asked: who was slow once may be fast by now. */
const exploreEvery = 10

/**
 * ms before its deadline from which on a chunk that will be late by its peer's pace is asked of the origin as well: before
 * that the peer may yet catch up. Of 720 stretches that emulated players read from peers of which one slowed down, 154 were
 * late before, 29 since, by 0.14 s at most instead of 1.9; 7 % of the bytes came for nothing.
 */
const hedgeMs = 600

/** What holds for all chunks of a demand at the moment. */
interface Situation {
  readonly now: number
  readonly demand: Demand
  /** Some peer has just joined and may yet tell what it holds. */
  readonly greeting: boolean
}

type Choice = Peer | 'origin' | 'wait' | 'failed'

/**
 * Decides what is asked of whom. A missing chunk within a demand's window goes to a peer that holds it; to the origin
 * when the deadline has passed, when no peer holds it, or when peers failed it too often; and nowhere when the
 * origin failed as well. It waits only for what is sure to end: a peer's slot, a busy peer's pause, a greeting.
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
    const bulk = byUrgency.filter((demand) => this.#bulk.takes(demand, now))
    for (const demand of byUrgency) {
      if (bulk.includes(demand)) this.#bulk.serve(demand, now)
      else this.#serve(demand, now)
    }
    this.#bulk.useOrigin(bulk, now)
  }

  /** When time alone changes what is to be done for a demand. */
  dueAt(demand: Demand, now: number): number {
    if (this.#bulk.takes(demand, now)) return this.#bulk.dueAt(demand, now)
    const { map, next, last } = demand
    let due = Infinity
    const end = Math.min(last, next + this.#settings.window - 1)
    for (let index = next; index <= end; index++) {
      if (map.state(index) === Chunk.have) continue
      const at = deadlineOf(demand, index)
      // The deadlines of those after it are later still.
      if (at - hedgeMs >= due) break
      for (const time of [at - hedgeMs, at, at + this.#settings.stallMs])
        if (time > now) due = Math.min(due, time)
      if (now >= at - hedgeMs && map.asks.has(index)) due = Math.min(due, now + leastGainMs)
    }
    return due
  }

  #serve(demand: Demand, now: number): void {
    const { map, early } = demand
    const late = isLate(demand, now)
    const situation: Situation = { now, demand, greeting: !late && this.#awaitsGreeting(map, now) }
    const end = Math.min(demand.last, demand.next + this.#settings.window - 1)
    if (late) for (let index = demand.next; index <= end; index++) this.#takeBack(demand, index, now)
    let most = this.#bulk.mostOfOrigin(demand)
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
        demand.askedPeers = true
        this.#downloads.ask(choice, map, { index, now })
        this.#outbox.wake(now + this.#settings.stallMs)
      } else if (fetches < maxFetches && most > 0) {
        fetches++
        const last = this.#fetch(demand, index, { ...situation, most })
        most -= last - index + 1
        index = last
      }
    }
  }

  /** Whether a peer is about to miss, or has missed, the deadline of a chunk that it sends, and the origin may be sooner. */
  #isAtRisk(demand: Demand, index: number, now: number): boolean {
    const { map } = demand
    const assembly = map.asks.get(index)
    const deadline = deadlineOf(demand, index)
    if (assembly === undefined || now < deadline - hedgeMs || map.originFailed(index)) return false
    return assembly.peer.expects(assembly, now) > Math.max(deadline, now + leastGainMs)
  }

  /** What has begun to come is asked of the origin as well; what has not is taken back: that costs nothing. */
  #hedge(map: ChunkMap, index: number): void {
    const assembly = map.asks.get(index)
    if (assembly?.begun === false) {
      map.countLoss(index)
      this.#downloads.cancel(assembly)
    } else {
      this.#downloads.hedge(map, index)
    }
  }

  /** Past its deadline a peer keeps only what it has begun to send, and that not for long. */
  #takeBack(demand: Demand, index: number, now: number): void {
    const { map } = demand
    const deadline = deadlineOf(demand, index)
    const assembly = map.asks.get(index)
    if (now < deadline || assembly === undefined || map.originFailed(index)) return
    if (!assembly.begun || now >= deadline + this.#settings.stallMs) this.#downloads.cancel(assembly)
  }

  #choose(map: ChunkMap, index: number, { now, demand, greeting }: Situation): Choice {
    const originFailed = map.originFailed(index)
    const atOrigin = originFailed ? 'failed' : 'origin'
    const late = now >= deadlineOf(demand, index)
    // When the origin failed, peers are asked even if it is late.
    if ((late && !originFailed) || map.timesLost(index) >= maxTries) return atOrigin
    if (map.holders[index] === 0) return greeting ? 'wait' : atOrigin
    return this.#soonest(map, index, now) ?? atOrigin
  }

  /**
   * Of the peers that hold the chunk the one that should bring it first, by what is already asked of it and by the rate
   * it has shown; one that has shown none yet counts as fast. undefined when none will ever do.
   */
  #soonest(map: ChunkMap, index: number, now: number): Peer | 'wait' | undefined {
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
      const limit = stalls > 0 ? 1 : peer.ahead(map, requestsPerPeer)
      if (now < peer.busyUntil) {
        wait ||= peer.isWorthWaiting
        continue
      }
      if (peer.asks.length >= maxOwed) {
        // What it still owes of use it brings, or stalls; what was cancelled it may owe for ever.
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

  /** Fetches a run of chunks that all are for the origin, also past the window; returns its last index. */
  #fetch(demand: Demand, first: number, situation: Situation & { readonly most: number }): number {
    const { map } = demand
    const chunks = Math.max(1, Math.min(situation.most, Math.floor(maxFetchBytes / map.asset.chunkSize)))
    const end = Math.min(demand.last, first + chunks - 1)
    let last = first
    while (last < end && this.#isForOrigin(map, last + 1, situation)) last++
    this.#demands.fallBack(demand)
    this.#downloads.fetch(map, first, last)
    return last
  }

  /** Whether a peer that has just joined may yet tell that it holds chunks of an asset. */
  #awaitsGreeting(map: ChunkMap, now: number): boolean {
    for (const peer of this.#peers.values()) {
      if (!peer.knows(map) && now < peer.joinedAt + greetingMs) return true
    }
    return false
  }

  #isForOrigin(map: ChunkMap, index: number, situation: Situation): boolean {
    if (map.state(index) !== Chunk.missing || situation.demand.early.has(index)) return false
    return this.#choose(map, index, situation) === 'origin'
  }
}
