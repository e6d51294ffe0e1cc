import { Bulk } from './bulk.ts'
import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { Demand, Demands } from './demands.ts'
import type { Downloads } from './downloads.ts'
import type { Settings } from './engine-options.ts'
import type { Outbox } from './outbox.ts'
import type { Peer } from './peer.ts'

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

/** What holds for all chunks of a demand at the moment. */
interface Situation {
  readonly now: number
  /** The deadline has passed. */
  readonly late: boolean
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

  constructor(
    {
      settings,
      random,
      outbox,
    }: { readonly settings: Settings; readonly random: () => number; readonly outbox: Outbox },
    {
      peers,
      demands,
      downloads,
    }: {
      readonly peers: ReadonlyMap<string, Peer>
      readonly demands: Demands
      readonly downloads: Downloads
    },
  ) {
    this.#settings = settings
    this.#random = random
    this.#outbox = outbox
    this.#peers = peers
    this.#demands = demands
    this.#downloads = downloads
    this.#bulk = new Bulk({ settings, random, outbox }, { peers, demands, downloads })
  }

  swarmSize(peers: number, now: number): void {
    this.#bulk.swarmSize(peers, now)
  }

  run(now: number): void {
    for (const demand of this.#demands) {
      if (this.#bulk.takes(demand, now)) this.#bulk.serve(demand, now)
      else this.#serve(demand, now)
    }
  }

  /** When time alone changes what is to be done for a demand. */
  dueAt(demand: Demand, now: number): number {
    const { deadline } = demand
    if (now < deadline) return Math.min(deadline, this.#bulk.dueAt(demand, now))
    const grace = deadline + this.#settings.stallMs
    return now < grace ? grace : Infinity
  }

  #serve(demand: Demand, now: number): void {
    const { map } = demand
    const late = now >= demand.deadline
    const situation: Situation = { now, late, greeting: !late && this.#awaitsGreeting(map, now) }
    const end = Math.min(demand.last, demand.next + this.#settings.window - 1)
    if (late) for (let index = demand.next; index <= end; index++) this.#takeBack(demand, index, now)
    let fetches = 0
    for (let index = demand.next; index <= end; index++) {
      if (map.state(index) === Chunk.fetching) {
        if (index === demand.next || map.state(index - 1) !== Chunk.fetching) fetches++
        continue
      }
      if (map.state(index) !== Chunk.missing) continue
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
      } else if (fetches < maxFetches) {
        fetches++
        index = this.#fetch(demand, index, situation)
      }
    }
  }

  /** Past its deadline a demand leaves to a peer only what it has begun to send, and that not for long. */
  #takeBack({ map, deadline }: Demand, index: number, now: number): void {
    const assembly = map.asks.get(index)
    if (assembly === undefined || map.originFailed(index)) return
    if (!assembly.begun || now >= deadline + this.#settings.stallMs) this.#downloads.cancel(assembly)
  }

  #choose(map: ChunkMap, index: number, { now, late, greeting }: Situation): Choice {
    const originFailed = map.originFailed(index)
    const atOrigin = originFailed ? 'failed' : 'origin'
    // When the origin failed, peers are asked even if it is late.
    if ((late && !originFailed) || map.timesLost(index) >= maxTries) return atOrigin
    if (map.holders[index] === 0) return greeting ? 'wait' : atOrigin
    return this.#leastLoaded(map, index, now) ?? atOrigin
  }

  /** Of the peers that hold the chunk the least loaded one, ties at random; undefined when none will ever do. */
  #leastLoaded(map: ChunkMap, index: number, now: number): Peer | 'wait' | undefined {
    const { requestsPerPeer, maxSources } = this.#settings
    let sources = 0
    for (const peer of this.#peers.values()) if (peer.load > 0) sources++
    let best: Peer | undefined
    let ties = 0
    let wait = false
    for (const peer of this.#peers.values()) {
      if (!peer.has(map, index) || peer.asks.length >= maxOwed) continue
      const { load, stalls } = peer
      const isFull = load >= (stalls > 0 ? 1 : requestsPerPeer) || (load === 0 && sources >= maxSources)
      if (now < peer.busyUntil) {
        wait ||= peer.isWorthWaiting
      } else if (isFull) {
        wait = true
      } else if (best === undefined || load < best.load) {
        best = peer
        ties = 1
      } else if (load === best.load && this.#random() < 1 / ++ties) {
        best = peer
      }
    }
    return best ?? (wait ? 'wait' : undefined)
  }

  /** Fetches a run of chunks that all are for the origin, also past the window; returns its last index. */
  #fetch(demand: Demand, first: number, situation: Situation): number {
    const { map } = demand
    const chunks = Math.max(1, Math.floor(maxFetchBytes / map.asset.chunkSize))
    const end = Math.min(demand.last, first + chunks - 1)
    let last = first
    while (last < end && this.#isForOrigin(map, last + 1, situation)) last++
    if (demand.askedPeers && !demand.fellBack) {
      demand.fellBack = true
      this.#outbox.push({ type: 'report', event: { kind: 'fallback', demand: demand.id } })
    }
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
    return map.state(index) === Chunk.missing && this.#choose(map, index, situation) === 'origin'
  }
}
