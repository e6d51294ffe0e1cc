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
  /** From here on the origin is asked for the first chunk instead of peers. */
  readonly deadline: number
  /** ms from the deadline of one chunk to that of the next. */
  readonly pace: number
  /** When it was made. */
  readonly since: number
  readonly order: 'sequential' | 'any'
  /** The first chunk that was not delivered yet. */
  next: number
  /** In any order: chunks after that which were. */
  readonly early: Set<number>
  /**
   * Peers that hold nothing of it that is left to ask for, with how much had been told and lost by then: what has
   * changed since makes it worth looking again.
   */
  readonly exhausted: WeakMap<Peer, number>
  /** A peer was asked for a chunk of it. */
  askedPeers: boolean
  /** The origin was asked for a chunk of it after a peer was. */
  fellBack: boolean
}

/** The demands that are not yet fulfilled, oldest first. */
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

  /** @throws {SwarmError} `demand-exists` */
  add(demand: Omit<Demand, 'next' | 'early' | 'exhausted' | 'askedPeers' | 'fellBack'>): void {
    if (this.#demands.has(demand.id))
      throw new SwarmError('demand-exists', `demand ${demand.id} is under way`)
    demand.map.forgetTroubles(demand.first, demand.last)
    const { id, first: next } = demand
    this.#demands.set(id, {
      ...demand,
      next,
      early: new Set(),
      exhausted: new WeakMap(),
      askedPeers: false,
      fellBack: false,
    })
    this.deliver(demand.map)
  }

  /** Forgets a demand and returns it, if it was not fulfilled before. */
  end(id: DemandId): Demand | undefined {
    const demand = this.#demands.get(id)
    this.#demands.delete(id)
    return demand
  }

  /** The origin is asked for a chunk of it: told once, if a peer was asked before. */
  fallBack(demand: Demand): void {
    if (!demand.askedPeers || demand.fellBack) return
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

  /** Whether any demand still needs a chunk. */
  need(map: ChunkMap, index: number): boolean {
    for (const demand of this.#demands.values()) if (needs(demand, map, index)) return true
    return false
  }

  /** Hands out what has come in of an asset. */
  deliver(map: ChunkMap): void {
    for (const demand of this.#demands.values()) {
      if (demand.map !== map) continue
      if (demand.order === 'any') this.#deliverEarly(demand)
      for (; demand.next <= demand.last; demand.next++) {
        if (demand.early.delete(demand.next)) continue
        if (map.state(demand.next) !== Chunk.have) break
        this.#hand(demand, demand.next)
      }
      if (demand.next > demand.last) this.#demands.delete(demand.id)
    }
  }

  #deliverEarly(demand: Demand): void {
    const { map, next, last, early } = demand
    for (let index = next + 1; index <= last; index++) {
      if (map.state(index) !== Chunk.have || early.has(index)) continue
      early.add(index)
      this.#hand(demand, index)
    }
  }

  #hand({ id, map }: Demand, index: number): void {
    const source = map.source(index)
    this.#outbox.push({ type: 'deliver', demand: id, asset: map.asset.id, index, source })
  }
}

/** When a demand would rather have a chunk from the origin; in any order the next that comes, whichever that is. */
export function deadlineOf({ deadline, pace, first, next, early, order }: Demand, index: number): number {
  return deadline + pace * (order === 'any' ? next - first + early.size : index - first)
}

/** Whether the next chunk should be here by now. */
export function isLate(demand: Demand, now: number): boolean {
  return now >= deadlineOf(demand, demand.next)
}

function needs(demand: Demand, map: ChunkMap, index: number): boolean {
  return demand.map === map && index >= demand.next && index <= demand.last && !demand.early.has(index)
}
