import type { ChunkMap } from './chunk-map.ts'
import { Chunk } from './chunk-map.ts'
import type { DemandId } from './contract.ts'
import type { Outbox } from './outbox.ts'
import { SwarmError } from './swarm-error.ts'

/** Chunks of one asset that the page waits for, in order. */
export interface Demand {
  readonly id: DemandId
  readonly map: ChunkMap
  readonly first: number
  readonly last: number
  /** From here on the origin is asked instead of peers. */
  readonly deadline: number
  /** When it was made. */
  readonly since: number
  readonly order: 'sequential' | 'any'
  /** The next chunk to deliver. */
  next: number
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
  add(demand: Omit<Demand, 'next' | 'askedPeers' | 'fellBack'>): void {
    if (this.#demands.has(demand.id))
      throw new SwarmError('demand-exists', `demand ${demand.id} is under way`)
    demand.map.reopened++
    demand.map.forgetTroubles(demand.first, demand.last)
    this.#demands.set(demand.id, { ...demand, next: demand.first, askedPeers: false, fellBack: false })
    this.deliver(demand.map)
  }

  /** Forgets a demand and returns it, if it was not fulfilled before. */
  end(id: DemandId): Demand | undefined {
    const demand = this.#demands.get(id)
    this.#demands.delete(id)
    return demand
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

  /** Hands out what has come in of an asset, each demand's chunks in order. */
  deliver(map: ChunkMap): void {
    for (const demand of this.#demands.values()) {
      if (demand.map !== map) continue
      const { id, last } = demand
      for (; demand.next <= last && map.state(demand.next) === Chunk.have; demand.next++) {
        const index = demand.next
        this.#outbox.push({
          type: 'deliver',
          demand: id,
          asset: map.asset.id,
          index,
          source: map.source(index),
        })
      }
      if (demand.next > last) this.#demands.delete(id)
    }
  }
}

function needs(demand: Demand, map: ChunkMap, index: number): boolean {
  return demand.map === map && index >= demand.next && index <= demand.last
}
