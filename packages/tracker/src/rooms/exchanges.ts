import { recent } from './recent.ts'

const hour = 60 * 60_000
/** Addresses of other networks that a network exchanges within an hour at most. */
const maxAddresses = 40
/** Exchanged addresses that are remembered at most, of all networks together; past that the oldest networks begin anew. */
const maxRemembered = 1_000_000
const none: Map<number, number> = new Map()

/** Where a reader is, by keyed hashes: no address can be derived from them without the tracker's key. */
export interface Location {
  /** Its network prefix (IPv4 /24, IPv6 /48), the same in all swarms. */
  readonly networkPrefix: string
  /** Its address, the same in all swarms: a small integer. */
  readonly address: number
}

/** Limits of the exchanges. */
export interface ExchangesOptions {
  /** ms, any clock that does not jump far. */
  readonly now: () => number
  /** Addresses that a network exchanges within an hour at most; Infinity: none is counted. @default 40 */
  readonly maxAddresses?: number
}

/**
 * The addresses that networks exchanged within the hour. An introduction shows each side's address to the other side's
 * network, so it needs room in both networks. Whatever tickets, keys, posts and connections a network uses, it exchanges
 * at most 40 distinct addresses in any hour. Addresses within one network are not counted.
 *
 * Because the bound holds for both sides, a network can fill the allowance of 40 other networks at most.
 */
export class Exchanges {
  readonly #now: () => number
  readonly #maxAddresses: number
  /**
   * For each network the addresses of others and when each was last exchanged, whole seconds. The networks and each
   * network's addresses are in the order of their last exchange. `maxRemembered` bounds both.
   */
  readonly #networks = recent<string, Map<number, number>>(2 * maxRemembered)
  #size = 0

  constructor({ now, maxAddresses: max = maxAddresses }: ExchangesOptions) {
    this.#now = now
    this.#maxAddresses = max
  }

  /** Whether the network may exchange an address that it does not know. */
  hasRoom({ networkPrefix }: Location): boolean {
    return this.#of(networkPrefix).size < this.#maxAddresses
  }

  /** Whether the two may be introduced to each other. */
  mayMeet(one: Location, other: Location): boolean {
    return (
      one.networkPrefix === other.networkPrefix || (this.#mayLearn(one, other) && this.#mayLearn(other, one))
    )
  }

  /** Counts the introduction of two that may meet. */
  meet(one: Location, other: Location): void {
    if (one.networkPrefix === other.networkPrefix || this.#maxAddresses === Infinity) return
    this.#learn(one, other)
    this.#learn(other, one)
    this.#forgetOldest()
  }

  /** The addresses of others that the network exchanged within the hour. */
  known({ networkPrefix }: Location): readonly number[] {
    return [...this.#of(networkPrefix).keys()]
  }

  /** Forgets what is older than an hour. To be called now and then. */
  prune(): void {
    for (;;) {
      const oldest = this.#networks.rkeys().next().value
      if (oldest === undefined || this.#of(oldest).size > 0) return
    }
  }

  /** Addresses that are remembered, of all networks. */
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

  /** What the network exchanged within the hour; what is older is forgotten. */
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
