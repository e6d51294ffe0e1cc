import type { ChunkMap } from '../download/chunk-map.ts'
import type { Peer } from '../peers/peer.ts'

/**
 * Who passes on what we gave. A seed gets nothing back from anybody, so it judges peers by this: when a chunk that nobody
 * near held but the one we gave it to is next held by another, the first has passed it on.
 */
export class Spread {
  readonly #given = new WeakMap<ChunkMap, Map<number, Peer>>()

  /** A chunk is on its way to a peer. */
  gave(peer: Peer, map: ChunkMap, index: number): void {
    if (map.holders[index] !== 0) return
    const given = this.#given.get(map) ?? new Map<number, Peer>()
    this.#given.set(map, given)
    if (!given.has(index)) given.set(index, peer)
  }

  /** A peer says that it holds a chunk now. */
  heard(peer: Peer, map: ChunkMap, index: number): void {
    const given = this.#given.get(map)
    const first = given?.get(index)
    if (first === undefined || first === peer) return
    first.passedOn++
    given?.delete(index)
  }
}
