import type { Crowd } from './crowd.ts'
import { maxLinks } from './crowd.ts'

/** A chunk that has left an uplink. */
export interface Sent {
  to: number
  chunk: number
  /** When its first byte left. */
  begun: number
}

/** Every peer's uplink: what is under way shares it equally, as in the fine mode. All chunks are of one size. */
export class Uplinks {
  /** Chunks under way. */
  readonly busy: Uint8Array
  readonly #rate: number
  readonly #chunkSize: number
  /** Bytes that an equal share has carried until `since`. */
  readonly #share: Float64Array
  readonly #since: Float64Array
  readonly #to: Int32Array
  readonly #chunk: Int32Array
  readonly #begun: Float64Array
  /** The share at which a chunk is through, in the order in which they began. */
  readonly #finish: Float64Array
  readonly #sent: Sent = { to: 0, chunk: 0, begun: 0 }

  constructor({ gone: { length: all } }: Crowd, rate: number, chunkSize: number) {
    this.#rate = rate
    this.#chunkSize = chunkSize
    this.busy = new Uint8Array(all)
    this.#share = new Float64Array(all)
    this.#since = new Float64Array(all)
    this.#to = new Int32Array(all * maxLinks)
    this.#chunk = new Int32Array(all * maxLinks)
    this.#begun = new Float64Array(all * maxLinks)
    this.#finish = new Float64Array(all * maxLinks)
  }

  begin(peer: number, { to, chunk }: { readonly to: number; readonly chunk: number }, now: number): void {
    this.#advance(peer, now)
    const place = peer * maxLinks + (this.busy[peer] as number)
    this.#to[place] = to
    this.#chunk[place] = chunk
    this.#begun[place] = now
    this.#finish[place] = (this.#share[peer] as number) + this.#chunkSize
    this.busy[peer] = (this.busy[peer] as number) + 1
  }

  /** When the next chunk is through if nothing more begins; Infinity when nothing is under way. */
  dueAt(peer: number): number {
    const busy = this.busy[peer] as number
    if (busy === 0) return Infinity
    // Being of one size, the first to begin is the first to be through.
    const left = (this.#finish[peer * maxLinks] as number) - (this.#share[peer] as number)
    return (this.#since[peer] as number) + Math.max(0, left * busy) / this.#rate
  }

  /** Takes the chunk that is through off the link. What is returned is good until the next call. */
  end(peer: number, now: number): Sent {
    this.#advance(peer, now)
    const first = peer * maxLinks
    const sent = this.#sent
    sent.to = this.#to[first] as number
    sent.chunk = this.#chunk[first] as number
    sent.begun = this.#begun[first] as number
    const left = (this.busy[peer] as number) - 1
    this.busy[peer] = left
    for (const column of [this.#to, this.#chunk, this.#begun, this.#finish]) {
      for (let place = first; place < first + left; place++) column[place] = column[place + 1] as number
    }
    return sent
  }

  #advance(peer: number, now: number): void {
    const busy = this.busy[peer] as number
    const passed = now - (this.#since[peer] as number)
    if (busy > 0) this.#share[peer] = (this.#share[peer] as number) + (passed * this.#rate) / busy
    this.#since[peer] = now
  }
}
