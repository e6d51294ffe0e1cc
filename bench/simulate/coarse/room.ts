import type { Crowd } from './crowd.ts'
import { maxLinks } from './crowd.ts'

/** Introductions that one peer may ask for, as the tracker's rooms allow. */
const maxAsked = 60

/** The tracker's room, as columns: whoever asks is introduced to random members it does not know yet. */
export class Room {
  size = 0
  readonly #crowd: Crowd
  readonly #random: () => number
  readonly #members: Int32Array
  readonly #places: Int32Array
  /** Whom each peer was introduced to when it asked. */
  readonly #known: Int32Array
  readonly #asked: Uint8Array

  constructor(crowd: Crowd, random: () => number) {
    const { length: all } = crowd.gone
    this.#crowd = crowd
    this.#random = random
    this.#members = new Int32Array(all)
    this.#places = new Int32Array(all)
    this.#known = new Int32Array(all * maxAsked)
    this.#asked = new Uint8Array(all)
  }

  join(peer: number): void {
    this.#places[peer] = this.size
    this.#members[this.size++] = peer
  }

  leave(peer: number): void {
    const place = this.#places[peer] as number
    const last = this.#members[--this.size] as number
    this.#members[place] = last
    this.#places[last] = place
  }

  /** Introduces a peer to up to `count` others. */
  want(peer: number, count: number, introduce: (other: number) => void): void {
    const { size } = this
    // In a room of any size a few draws find somebody; who knows everybody draws in vain.
    for (let draws = 8 * count; draws > 0 && count > 0 && (this.#asked[peer] as number) < maxAsked; draws--) {
      const other = this.#members[Math.floor(this.#random() * size)] as number
      if (other === peer || this.#knows(peer, other) || this.#knows(other, peer)) continue
      const asked = this.#asked[peer] as number
      this.#known[peer * maxAsked + asked] = other
      this.#asked[peer] = asked + 1
      count--
      introduce(other)
    }
  }

  /** Whether two can connect. */
  canConnect(a: number, b: number): boolean {
    const { gone, blocked, degree } = this.#crowd
    if (gone[a] === 1 || gone[b] === 1 || (blocked[a] === 1 && blocked[b] === 1)) return false
    return (
      (degree[a] as number) < maxLinks && (degree[b] as number) < maxLinks && this.#crowd.linkOf(a, b) < 0
    )
  }

  #knows(peer: number, other: number): boolean {
    const first = peer * maxAsked
    for (let i = first; i < first + (this.#asked[peer] as number); i++) {
      if (this.#known[i] === other) return true
    }
    return false
  }
}
