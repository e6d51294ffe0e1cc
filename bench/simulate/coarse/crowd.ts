import type { Scenario } from '../scenario.ts'

/** Connections of one peer at most, as the engine has it. */
export const maxLinks = 12

/**
 * Everybody, as columns: a hundred thousand peers are a few typed arrays and no objects. A row is a peer; polluters
 * come first. Of a link there is a half in the row of either end, the place in it told by `linkOf`.
 */
export class Crowd {
  readonly chunks: number
  /** 32 chunks each, for one peer. */
  readonly words: number
  readonly polluters: number
  /** Chunks that can be had of a peer, and chunks that are here or on their way. */
  readonly have: Int32Array
  readonly claimed: Int32Array
  /** How many of either. */
  readonly had: Int32Array
  readonly claims: Int32Array
  /** Chunks that came in, of use or not, and that were sent. */
  readonly arrived: Int32Array
  readonly sent: Int32Array
  readonly freeRider: Uint8Array
  readonly blocked: Uint8Array
  readonly gone: Uint8Array
  /** Past its deadline. */
  readonly late: Uint8Array
  readonly arrivedAt: Float64Array
  readonly finishedAt: Float64Array
  /** The peer at the other end, -1: nobody. */
  readonly links: Int32Array
  readonly linkedAt: Float64Array
  /** The other end has given something of use. */
  readonly given: Uint8Array
  /** Chunks sent to the other end, and being sent. */
  readonly taken: Uint16Array
  readonly sending: Uint8Array
  readonly degree: Uint8Array
  /** Peers that can give each chunk. */
  readonly copies: Int32Array

  constructor({ readers, polluters, chunks }: Scenario) {
    this.polluters = Math.round((readers * polluters) / (1 - polluters))
    const all = readers + this.polluters
    this.chunks = chunks
    this.words = Math.ceil(chunks / 32)
    this.have = new Int32Array(all * this.words)
    this.claimed = new Int32Array(all * this.words)
    this.had = new Int32Array(all)
    this.claims = new Int32Array(all)
    this.arrived = new Int32Array(all)
    this.sent = new Int32Array(all)
    this.freeRider = new Uint8Array(all)
    this.blocked = new Uint8Array(all)
    this.gone = new Uint8Array(all)
    this.late = new Uint8Array(all)
    this.arrivedAt = new Float64Array(all)
    this.finishedAt = new Float64Array(all).fill(Infinity)
    this.links = new Int32Array(all * maxLinks).fill(-1)
    this.linkedAt = new Float64Array(all * maxLinks)
    this.given = new Uint8Array(all * maxLinks)
    this.taken = new Uint16Array(all * maxLinks)
    this.sending = new Uint8Array(all * maxLinks)
    this.degree = new Uint8Array(all)
    this.copies = new Int32Array(chunks)
    for (let peer = 0; peer < this.polluters; peer++) {
      for (let chunk = 0; chunk < chunks; chunk++) set(this.have, peer * this.words * 32 + chunk)
    }
  }

  isPolluter(peer: number): boolean {
    return peer < this.polluters
  }

  isDone(peer: number): boolean {
    return this.had[peer] === this.chunks
  }

  /** Whether it ever said that it has something. */
  offers(peer: number): boolean {
    return peer < this.polluters || (this.had[peer] !== 0 && this.freeRider[peer] === 0)
  }

  /** The place of a peer's half of a link; -1 when the two are not connected. */
  linkOf(peer: number, other: number): number {
    for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
      if (this.links[link] === other) return link
    }
    return -1
  }

  connect(a: number, b: number, now: number): void {
    for (const [peer, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const link = this.linkOf(peer, -1)
      this.links[link] = other
      this.linkedAt[link] = now
      this.given[link] = 0
      this.taken[link] = 0
      this.sending[link] = 0
      this.degree[peer] = (this.degree[peer] as number) + 1
    }
  }

  disconnect(a: number, b: number): void {
    for (const [peer, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const link = this.linkOf(peer, other)
      if (link < 0) continue
      this.links[link] = -1
      this.degree[peer] = (this.degree[peer] as number) - 1
    }
  }

  claim(peer: number, chunk: number): void {
    set(this.claimed, peer * this.words * 32 + chunk)
    this.claims[peer] = (this.claims[peer] as number) + 1
  }

  release(peer: number, chunk: number): void {
    const bit = peer * this.words * 32 + chunk
    this.claimed[bit >> 5] = (this.claimed[bit >> 5] as number) & ~(1 << (bit & 31))
    this.claims[peer] = (this.claims[peer] as number) - 1
  }

  isClaimed(peer: number, chunk: number): boolean {
    return ((this.claimed[peer * this.words + (chunk >> 5)] as number) & (1 << (chunk & 31))) !== 0
  }

  keep(peer: number, chunk: number): void {
    this.had[peer] = (this.had[peer] as number) + 1
    if (this.freeRider[peer] === 1) return
    set(this.have, peer * this.words * 32 + chunk)
    this.copies[chunk] = (this.copies[chunk] as number) + 1
  }

  /** A peer is gone, and with it what could be had of it. */
  leave(peer: number): void {
    this.gone[peer] = 1
    for (let chunk = 0; chunk < this.chunks; chunk++) {
      const bits = this.have[peer * this.words + (chunk >> 5)] as number
      if (peer >= this.polluters && (bits & (1 << (chunk & 31))) !== 0) {
        this.copies[chunk] = (this.copies[chunk] as number) - 1
      }
    }
  }

  /** Whether one peer has anything that another still wants. */
  isOfUse(from: number, to: number): boolean {
    const { words, have, claimed } = this
    for (let word = 0; word < words; word++) {
      if (((have[from * words + word] as number) & ~(claimed[to * words + word] as number)) !== 0) return true
    }
    return false
  }
}

function set(bits: Int32Array, bit: number): void {
  bits[bit >> 5] = (bits[bit >> 5] as number) | (1 << (bit & 31))
}
