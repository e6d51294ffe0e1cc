import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { DemandId } from '../contract.ts'
import type { Outbox } from '../outbox.ts'
import type { Peer } from '../peers/peer.ts'
import { SwarmError } from '../swarm-error.ts'

/** Chunks of one asset that the page waits for. */
export interface Demand {
  readonly id: DemandId
  readonly map: ChunkMap
  readonly first: number
  readonly last: number
  /** Time from which the first chunk is fetched from the origin instead of peers. */
  readonly deadline: number
  /** Time between the deadlines of consecutive chunks, ms. */
  readonly pace: number
  /** Time at which the demand was made. */
  readonly since: number
  readonly order: 'sequential' | 'any'
  /** The first chunk that was not delivered yet. */
  next: number
  /** For order `any`: delivered chunks after `next`. */
  readonly early: Set<number>
  /**
   * Peers that hold no chunk left to request for this demand. The value is the count of announcements and reopened
   * chunks at that time. The peer is checked again once the count has changed.
   */
  readonly exhausted: WeakMap<Peer, number>
  /** Whether a chunk of the demand was requested from a peer. */
  usedPeers: boolean
  /** Whether a chunk was fetched from the origin after a request to a peer. */
  fellBack: boolean
}

/** The unfulfilled demands, oldest first. */
export class Demands implements Iterable<Demand> {
  readonly #outbox: Outbox
  readonly #demands = new Map<DemandId, Demand>()

  constructor(outbox: Outbox) {
    this.#outbox = outbox
  }

  get size(): number {
    return this.#demands.size
  }

  [Symbol.iterator](): Iterator<Demand> {
    return this.#demands.values()
  }

  /**
   * Adds a demand and delivers the chunks that are present.
   * @throws {SwarmError} `demand-exists`
   */
  add(demand: Omit<Demand, 'next' | 'early' | 'exhausted' | 'usedPeers' | 'fellBack'>): void {
    if (this.#demands.has(demand.id)) throw new SwarmError('demand-exists', `demand ${demand.id} is pending`)
    demand.map.forgetFailures(demand.first, demand.last)
    const { id, first: next } = demand
    this.#demands.set(id, {
      ...demand,
      next,
      early: new Set(),
      exhausted: new WeakMap(),
      usedPeers: false,
      fellBack: false,
    })
    this.deliver(demand.map)
  }

  /** Removes a demand and returns it, or undefined if it was already fulfilled. */
  end(id: DemandId): Demand | undefined {
    const demand = this.#demands.get(id)
    this.#demands.delete(id)
    return demand
  }

  /** Reports a fallback, once per demand, if a peer had been asked before. */
  fallBack(demand: Demand): void {
    if (!demand.usedPeers || demand.fellBack) return
    demand.fellBack = true
    this.#outbox.push({ type: 'report', event: { kind: 'fallback', demand: demand.id } })
  }

  fail(demand: Demand): void {
    this.#demands.delete(demand.id)
    this.#outbox.push({ type: 'demand-failed', demand: demand.id })
  }

  /** Fails every demand that still needs a chunk. */
  failAll(map: ChunkMap, index: number): void {
    for (const demand of this.#demands.values()) if (needs(demand, map, index)) this.fail(demand)
  }

  /** Returns whether any demand still needs a chunk. */
  need(map: ChunkMap, index: number): boolean {
    for (const demand of this.#demands.values()) if (needs(demand, map, index)) return true
    return false
  }

  /** Delivers the present chunks of an asset to its demands. */
  deliver(map: ChunkMap): void {
    for (const demand of this.#demands.values()) {
      if (demand.map !== map) continue
      if (demand.order === 'any') this.#deliverEarly(demand)
      for (; demand.next <= demand.last; demand.next++) {
        if (demand.early.delete(demand.next)) continue
        if (map.state(demand.next) !== Chunk.have) break
        this.#deliverChunk(demand, demand.next)
      }
      if (demand.next > demand.last) this.#demands.delete(demand.id)
    }
  }

  #deliverEarly(demand: Demand): void {
    const { map, next, last, early } = demand
    for (let index = next + 1; index <= last; index++) {
      if (map.state(index) !== Chunk.have || early.has(index)) continue
      early.add(index)
      this.#deliverChunk(demand, index)
    }
  }

  #deliverChunk({ id, map }: Demand, index: number): void {
    const source = map.source(index)
    this.#outbox.push({ type: 'deliver', demand: id, asset: map.asset.id, index, source })
  }
}

/**
 * Returns the time from which a demand prefers the origin for a chunk. For order `any` this is the deadline of the next
 * chunk to arrive, whatever its index.
 */
export function deadlineOf({ deadline, pace, first, next, early, order }: Demand, index: number): number {
  return deadline + pace * (order === 'any' ? next - first + early.size : index - first)
}

/** Returns whether the next chunk is overdue. */
export function isLate(demand: Demand, now: number): boolean {
  return now >= deadlineOf(demand, demand.next)
}

function needs(demand: Demand, map: ChunkMap, index: number): boolean {
  return demand.map === map && index >= demand.next && index <= demand.last && !demand.early.has(index)
}
