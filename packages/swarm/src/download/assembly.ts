import type { PeerMessage } from '@peerpress/wire'
import type { ChunkMap } from './chunk-map.ts'
import type { Peer } from '../peers/peer.ts'

/** The effect of a frame on an assembly. */
export type Progress =
  | 'part'
  | 'whole'
  /** The frame is not the next one of this chunk. */
  | 'wrong'

/**
 * One request to one peer and the frames of its response. Every request gets exactly one response: all frames of the
 * chunk, or a `reject`. This also holds after a `cancel` (as in BEP 6, the fast extension of BitTorrent). A cancelled
 * request is therefore kept until its response has arrived, and an unrequested frame is always the sender's fault.
 */
export class Assembly {
  readonly peer: Peer
  readonly map: ChunkMap
  readonly index: number
  readonly requestedAt: number
  /** Time of the first frame. */
  begunAt = Infinity
  #received = 0
  #cancelled = false
  #signature = new Uint8Array()
  #bytes: Uint8Array<ArrayBuffer> | undefined

  constructor(peer: Peer, map: ChunkMap, { index, now }: { readonly index: number; readonly now: number }) {
    this.peer = peer
    this.map = map
    this.index = index
    this.requestedAt = now
  }

  get begun(): boolean {
    return this.#received > 0
  }

  /** Received bytes. */
  get received(): number {
    return this.#received
  }

  get cancelled(): boolean {
    return this.#cancelled
  }

  /** Marks the request as cancelled and discards its bytes. */
  cancel(): void {
    this.#cancelled = true
    this.#bytes = undefined
  }

  add(
    { offset, length, payload, signature }: PeerMessage & { readonly type: 'frame' },
    now: number,
  ): Progress {
    const whole = this.map.length(this.index)
    const end = offset + payload.length
    if (length !== whole || offset !== this.#received || end > whole || payload.length === 0) return 'wrong'
    if (!this.#cancelled) {
      this.#bytes ??= new Uint8Array(whole)
      this.#bytes.set(payload, offset)
      if (signature !== undefined) this.#signature = signature.slice()
    }
    this.#received = end
    this.begunAt = Math.min(this.begunAt, now)
    return end === whole ? 'whole' : 'part'
  }

  /** Returns the bytes of a whole chunk and the signature that came with them. */
  take(): { readonly bytes: Uint8Array<ArrayBuffer>; readonly signature: Uint8Array } {
    const bytes = this.#bytes
    if (bytes === undefined) throw new Error('the chunk has no bytes')
    return { bytes, signature: this.#signature }
  }
}
