import type { Crowd } from './crowd.ts'
import { maxLinks } from './crowd.ts'

/** As in the engine: chunks to one peer at a time, and of one that gave nothing yet. */
const uploadsPerPeer = 2
const creditChunks = 1
/** One choice in so many falls on anybody. */
const optimisticEvery = 16

/** Chunks that are looked at for the rarest. */
const looked = 24

/** Who is sent what next. */
export class Exchange {
  readonly #crowd: Crowd
  readonly #random: () => number

  constructor(crowd: Crowd, random: () => number) {
    this.#crowd = crowd
    this.#random = random
  }

  /** The link that a peer sends something on next: to one that gave before others, as in the engine; -1: to nobody. */
  next(peer: number): number {
    const crowd = this.#crowd
    const isOptimistic = (crowd.sent[peer] as number) % optimisticEvery === optimisticEvery - 1
    let best = -1
    let lowest = Infinity
    let ties = 0
    for (let link = peer * maxLinks; link < (peer + 1) * maxLinks; link++) {
      const other = crowd.links[link] as number
      if (other < 0 || !this.#asks(other, peer, link)) continue
      const rank = isOptimistic ? 0 : this.#rank(other, link)
      if (rank > lowest) continue
      if (!crowd.isOfUse(peer, other)) continue
      ties = rank < lowest ? 1 : ties + 1
      lowest = rank
      if (this.#random() * ties < 1) best = link
    }
    return best
  }

  /** Of what one peer has and another lacks the chunk that the fewest have, among some of them. */
  rarest(from: number, to: number): number {
    const { words, have, claimed, copies } = this.#crowd
    const start = Math.floor(this.#random() * words)
    let best = -1
    let fewest = Infinity
    let left = looked
    for (let i = 0; i < words && left > 0; i++) {
      const word = (start + i) % words
      let bits = (have[from * words + word] as number) & ~(claimed[to * words + word] as number)
      for (; bits !== 0 && left > 0; left--) {
        const bit = 31 - Math.clz32(bits)
        bits &= ~(1 << bit)
        const chunk = word * 32 + bit
        if ((copies[chunk] as number) >= fewest) continue
        fewest = copies[chunk] as number
        best = chunk
      }
    }
    return best
  }

  /** Whether a peer would ask another for one chunk more: one, until that one has given something. */
  #asks(asker: number, peer: number, link: number): boolean {
    const crowd = this.#crowd
    const sending = crowd.sending[link] as number
    if (sending >= uploadsPerPeer || crowd.isPolluter(asker)) return false
    return sending === 0 || (crowd.given[crowd.linkOf(asker, peer)] ?? 0) > 0
  }

  #rank(other: number, link: number): number {
    const crowd = this.#crowd
    if ((crowd.given[link] as number) > 0) return 0
    if (crowd.offers(other)) return 1
    return (crowd.taken[link] as number) < creditChunks ? 2 : 3
  }
}
