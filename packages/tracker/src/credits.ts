import type { PeerId } from '@peerpress/wire'

/** Bytes that the receipts of one ticket, and of one network within an hour, can add up to. */
const maxPerTicket = 2 * 1024 ** 3
const maxPerNetwork = 20 * 1024 ** 3
const hour = 60 * 60_000
/** Networks whose sums are remembered; past that the oldest begin anew. */
const maxNetworks = 100_000

/** What a receipt was worth. */
export type Credit =
  | 'credited'
  /** Nothing: giver and taker are in one network, where readers could be made up for each other. */
  | 'same-network'
  /** Less than it says: the taker's ticket or network has signed for as much as it may. */
  | 'capped'
  /** Nothing new. */
  | 'stale'

/** Who holds an account. */
export interface AccountHolder {
  readonly network: string
  readonly isSeed: boolean
}

interface Account extends AccountHolder {
  given: number
  /** Bytes it signed for. */
  signed: number
  /** What each taker has signed for so far. */
  readonly claimed: Map<PeerId, number>
}

/** Bytes that were given, by the takers' signatures. */
export interface Given {
  readonly reader: number
  readonly seed: number
}

/** What the connected peers gave each other, as receipts prove it. */
export class Credits {
  readonly #now: () => number
  readonly #accounts = new Map<PeerId, Account>()
  readonly #networks = new Map<string, { since: number; signed: number }>()
  readonly #given = { reader: 0, seed: 0 }

  constructor(now: () => number) {
    this.#now = now
  }

  open(peer: PeerId, { network, isSeed }: AccountHolder): void {
    this.#accounts.set(peer, { network, isSeed, given: 0, signed: 0, claimed: new Map() })
  }

  close(peer: PeerId): void {
    this.#accounts.delete(peer)
  }

  /** `taker` signed for `bytes` in all. Both must hold accounts. */
  claim(giver: PeerId, taker: PeerId, bytes: number): Credit {
    const { credit, credited } = this.#worthOf(giver, taker, bytes)
    const [to, from] = [this.#accounts.get(giver), this.#accounts.get(taker)]
    if (credit === 'stale' || to === undefined || from === undefined) return credit
    to.claimed.set(taker, bytes)
    if (credit === 'same-network') return credit
    from.signed += credited
    this.#networkOf(from.network).signed += credited
    to.given += credited
    this.#given[to.isSeed ? 'seed' : 'reader'] += credited
    return credit
  }

  /** What `claim` would return. Changes nothing. */
  worthOf(giver: PeerId, taker: PeerId, bytes: number): Credit {
    return this.#worthOf(giver, taker, bytes).credit
  }

  #worthOf(
    giver: PeerId,
    taker: PeerId,
    bytes: number,
  ): { readonly credit: Credit; readonly credited: number } {
    const [to, from] = [this.#accounts.get(giver), this.#accounts.get(taker)]
    if (to === undefined || from === undefined) return { credit: 'stale', credited: 0 }
    const more = bytes - (to.claimed.get(taker) ?? 0)
    if (more <= 0) return { credit: 'stale', credited: 0 }
    if (to.network === from.network) return { credit: 'same-network', credited: 0 }
    const { signed } = this.#networkOf(from.network)
    const credited = Math.max(0, Math.min(more, maxPerTicket - from.signed, maxPerNetwork - signed))
    return { credit: credited < more ? 'capped' : 'credited', credited }
  }

  /** Bytes since the start. */
  get given(): Given {
    return { ...this.#given }
  }

  /**
   * How evenly the connected readers that gave or got something give: Jain's index, 1 when all give the same, 1/n when
   * one gives all (Jain, Chiu & Hawe 1984). null while nobody gave.
   */
  get fairness(): number | null {
    let [n, sum, squares] = [0, 0, 0]
    for (const { isSeed, given, signed } of this.#accounts.values()) {
      if (isSeed || given + signed === 0) continue
      n++
      sum += given
      squares += given * given
    }
    return sum === 0 ? null : (sum * sum) / (n * squares)
  }

  #networkOf(network: string): { since: number; signed: number } {
    const known = this.#networks.get(network)
    if (known !== undefined && this.#now() < known.since + hour) return known
    const fresh = { since: this.#now(), signed: 0 }
    this.#networks.delete(network)
    this.#networks.set(network, fresh)
    for (const oldest of this.#networks.keys()) {
      if (this.#networks.size <= maxNetworks) break
      this.#networks.delete(oldest)
    }
    return fresh
  }
}
