import type { Location } from '../admission/location.ts'
import { recent } from '../recent.ts'

const hour = 60 * 60_000
/** Maximum of addresses of other networks that a network exchanges within an hour. */
const maxAddresses = 40
/**
 * Maximum of exchanged addresses that are remembered, of all networks together. Beyond it the oldest networks are
 * forgotten.
 */
const maxRemembered = 1_000_000
const none: Map<number, number> = new Map()

/** Limits of the exchanges. */
export interface ExchangesOptions {
  /** ms, of any clock that does not jump far. */
  readonly now: () => number
  /** Maximum of addresses that a network exchanges within an hour; Infinity: none is counted. @default 40 */
  readonly maxAddresses?: number
}

/**
 * Records the addresses that networks exchanged within the last hour. An introduction shows each side's address to the
 * other side's network, so it needs room in both networks. A network exchanges at most 40 distinct addresses in any
 * hour, whatever tickets, keys, posts and connections it uses. Addresses within one network are not counted.
 *
 * Because the bound holds for both sides, a network can use up the bound of at most 40 other networks.
 */
export class Exchanges {
  readonly #now: () => number
  readonly #maxAddresses: number
  /**
   * For each network the addresses of others, each with the time of its last exchange in whole seconds. Networks and
   * addresses are in the order of their last exchange. `maxRemembered` bounds both.
   */
  readonly #networks = recent<string, Map<number, number>>(2 * maxRemembered)
  #size = 0

  constructor({ now, maxAddresses: max = maxAddresses }: ExchangesOptions) {
    this.#now = now
    this.#maxAddresses = max
  }

  /** Whether a network may exchange an address that it does not know. */
  hasRoom({ networkPrefix }: Location): boolean {
    return this.#of(networkPrefix).size < this.#maxAddresses
  }

  /** Whether two readers may be introduced to each other. */
  mayMeet(one: Location, other: Location): boolean {
    return (
      one.networkPrefix === other.networkPrefix || (this.#mayLearn(one, other) && this.#mayLearn(other, one))
    )
  }

  /** Records the introduction of two readers that may meet. */
  meet(one: Location, other: Location): void {
    if (one.networkPrefix === other.networkPrefix || this.#maxAddresses === Infinity) return
    this.#learn(one, other)
    this.#learn(other, one)
    this.#forgetOldest()
  }

  /** Returns the addresses of others that a network exchanged within the last hour. */
  known({ networkPrefix }: Location): readonly number[] {
    return [...this.#of(networkPrefix).keys()]
  }

  /** Forgets exchanges that are older than an hour. To be called at regular intervals. */
  prune(): void {
    for (;;) {
      const oldest = this.#networks.rkeys().next().value
      if (oldest === undefined || this.#of(oldest).size > 0) return
    }
  }

  /** Number of addresses that are remembered, of all networks. */
  get size(): number {
    return this.#size
  }

  #mayLearn(one: Location, { address }: Location): boolean {
    const known = this.#of(one.networkPrefix)
    return known.has(address) || known.size < this.#maxAddresses
  }

  #learn({ networkPrefix }: Location, { address }: Location): void {
    const known = this.#of(networkPrefix).size > 0 ? this.#of(networkPrefix) : new Map<number, number>()
    if (known.delete(address)) this.#size--
    known.set(address, this.#seconds())
    this.#size++
    this.#networks.set(networkPrefix, known)
  }

  /** Returns the exchanges of a network within the last hour, and forgets older ones. */
  #of(networkPrefix: string): Map<number, number> {
    const known = this.#networks.peek(networkPrefix)
    if (known === undefined) return none
    const since = this.#seconds() - hour / 1000
    for (const [address, at] of known) {
      if (at >= since) break
      known.delete(address)
      this.#size--
    }
    if (known.size === 0) this.#networks.delete(networkPrefix)
    return known
  }

  #forgetOldest(): void {
    while (this.#size > maxRemembered) this.#size -= this.#networks.pop()?.size ?? this.#size
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000)
  }
}
