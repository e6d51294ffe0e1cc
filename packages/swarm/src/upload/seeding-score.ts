import type { ChunkMap } from '../download/chunk-map.ts'
import type { Peer } from '../peers/peer.ts'

/**
 * Counts how many of our chunks each peer passes on. A seed receives nothing from peers, so it ranks them by this
 * score. If we send a chunk that no other near peer holds to a peer, and another peer holds it next, the first peer has
 * passed it on.
 */
export class SeedingScore {
  readonly #firstRecipients = new WeakMap<ChunkMap, Map<number, Peer>>()

  /** Records a chunk that is being sent to a peer. */
  chunkSent(peer: Peer, map: ChunkMap, index: number): void {
    if (map.holders[index] !== 0) return
    const recipients = this.#firstRecipients.get(map) ?? new Map<number, Peer>()
    this.#firstRecipients.set(map, recipients)
    if (!recipients.has(index)) recipients.set(index, peer)
  }

  /** Records that a peer announced a chunk. */
  chunkAnnounced(peer: Peer, map: ChunkMap, index: number): void {
    const recipients = this.#firstRecipients.get(map)
    const first = recipients?.get(index)
    if (first === undefined || first === peer) return
    first.passedOn++
    recipients?.delete(index)
  }
}
