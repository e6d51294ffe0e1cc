import type { ChunkMap } from '../download/chunk-map.ts'
import type { Peer } from '../peers/peer.ts'

/**
 * Counts how many of our chunks each peer passes on. A seed receives nothing from peers, so it ranks them by this
 * score. If we send a chunk that no other near peer holds to a peer, and another peer holds it next, the first peer has
 * passed it on.
 */
export class Spread {
  readonly #given = new WeakMap<ChunkMap, Map<number, Peer>>()

  /** Records a chunk that is being sent to a peer. */
  gave(peer: Peer, map: ChunkMap, index: number): void {
    if (map.holders[index] !== 0) return
    const given = this.#given.get(map) ?? new Map<number, Peer>()
    this.#given.set(map, given)
    if (!given.has(index)) given.set(index, peer)
  }

  /** Records that a peer announced a chunk. */
  heard(peer: Peer, map: ChunkMap, index: number): void {
    const given = this.#given.get(map)
    const first = given?.get(index)
    if (first === undefined || first === peer) return
    first.passedOn++
    given?.delete(index)
  }
}
