import type { ChunkMap } from './chunk-map.ts'
import type { Peer } from './peer.ts'

/** What a frame did to an assembly. */
export type Progress =
  | 'part'
  | 'whole'
  /** Not the next frame of this chunk. */
  | 'wrong'

/**
 * One request to one peer and the frames that answer it. Every request gets exactly one answer, all frames of the
 * chunk or a `reject`, also after a `cancel` (as in BEP 6, the fast extension of BitTorrent). A cancelled request
 * therefore stays on the books until its answer came, and frames nobody asked for are always the sender's fault.
 */
export class Assembly {
  readonly peer: Peer
  readonly map: ChunkMap
  readonly index: number
  readonly askedAt: number
  #received = 0
  #cancelled = false
  #bytes: Uint8Array<ArrayBuffer> | undefined

  constructor(peer: Peer, map: ChunkMap, { index, now }: { readonly index: number; readonly now: number }) {
    this.peer = peer
    this.map = map
    this.index = index
    this.askedAt = now
  }

  get begun(): boolean {
    return this.#received > 0
  }

  get cancelled(): boolean {
    return this.#cancelled
  }

  /** The chunk is no longer awaited from this peer: what was received is lost. */
  cancel(): void {
    this.#cancelled = true
    this.#bytes = undefined
  }

  add(offset: number, length: number, payload: Uint8Array): Progress {
    const whole = this.map.length(this.index)
    const end = offset + payload.length
    if (length !== whole || offset !== this.#received || end > whole || payload.length === 0) return 'wrong'
    if (!this.#cancelled) {
      this.#bytes ??= new Uint8Array(whole)
      this.#bytes.set(payload, offset)
    }
    this.#received = end
    return end === whole ? 'whole' : 'part'
  }

  /** The bytes of a whole chunk. */
  take(): Uint8Array<ArrayBuffer> {
    const bytes = this.#bytes
    if (bytes === undefined) throw new Error('nothing was received')
    return bytes
  }
}
