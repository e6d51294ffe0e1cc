import type { PeerId } from '@peerpress/wire'
import type { LRUCache } from 'lru-cache'
import { recent } from '../recent.ts'

/** Maximum of bytes in the receipts of one ticket, and of one network within an hour. */
const maxPerTicket = 2 * 1024 ** 3
const maxPerNetwork = 20 * 1024 ** 3
const hour = 60 * 60_000
/** Maximum of networks, of tickets and of pairs of peers that are remembered. Beyond it the oldest are forgotten. */
const maxRemembered = 100_000

/** The outcome of a receipt. */
export type Credit =
  | 'credited'
  /** Nothing is credited: giver and taker are in one network, where somebody could make readers up. */
  | 'same-network'
  /** Less than stated is credited: the taker's ticket or network has reached its maximum. */
  | 'capped'
  /** The receipt states nothing new. */
  | 'stale'

/** Bytes that a ticket or a network has signed for within an hour. */
interface Sum {
  readonly since: number
  signed: number
}

/** The peer that an account belongs to. */
export interface AccountHolder {
  readonly network: string
  readonly isSeed: boolean
  /** The same for all peers that joined with one ticket. */
  readonly ticket: number
}

interface Account extends AccountHolder {
  given: number
  /** Bytes that it signed for. */
  signed: number
  /** The sum of its ticket. The connection may outlive the ticket by hours, so it has a reference of its own. */
  readonly ticketSum: Sum
}

/** Bytes given, according to the takers' signatures. */
export interface Given {
  readonly reader: number
  readonly seed: number
}

/**
 * Records the bytes that connected peers gave each other, as receipts prove them. A receipt counts once. The maximum of
 * a ticket and of a network stays the same however often they join.
 */
export class Credits {
  readonly #now: () => number
  readonly #accounts = new Map<PeerId, Account>()
  readonly #networks = recent<string, Sum>(maxRemembered)
  readonly #tickets = recent<number, Sum>(maxRemembered)
  /** Bytes that takers have signed for so far, by giver and taker; the latest receipts last. */
  readonly #claimed = recent<string, number>(maxRemembered)
  readonly #given = { reader: 0, seed: 0 }

  constructor(now: () => number) {
    this.#now = now
  }

  open(peer: PeerId, holder: AccountHolder): void {
    const ticketSum = this.#sumOf(this.#tickets, holder.ticket)
    this.#accounts.set(peer, { ...holder, given: 0, signed: 0, ticketSum })
  }

  close(peer: PeerId): void {
    this.#accounts.delete(peer)
  }

  /** Credits a receipt: `taker` signed for `bytes` in total. Both peers must have accounts. */
  claim(giver: PeerId, taker: PeerId, bytes: number): Credit {
    const { credit, credited } = this.#worthOf(giver, taker, bytes)
    const [to, from] = [this.#accounts.get(giver), this.#accounts.get(taker)]
    if (credit === 'stale' || credit === 'same-network' || to === undefined || from === undefined)
      return credit
    this.#claimed.set(pairOf(giver, taker), bytes)
    from.signed += credited
    from.ticketSum.signed += credited
    this.#sumOf(this.#networks, from.network).signed += credited
    to.given += credited
    this.#given[to.isSeed ? 'seed' : 'reader'] += credited
    return credit
  }

  /** Returns what `claim` would return, and changes nothing. */
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
    const more = bytes - (this.#claimed.peek(pairOf(giver, taker)) ?? 0)
    if (more <= 0) return { credit: 'stale', credited: 0 }
    if (to.network === from.network) return { credit: 'same-network', credited: 0 }
    const { signed } = this.#sumOf(this.#networks, from.network)
    const credited = Math.max(0, Math.min(more, maxPerTicket - from.ticketSum.signed, maxPerNetwork - signed))
    return { credit: credited < more ? 'capped' : 'credited', credited }
  }

  /** Bytes given since the start. */
  get given(): Given {
    return { ...this.#given }
  }

  /**
   * How evenly the connected readers give that gave or received something: Jain's index, which is 1 if all give the
   * same and 1/n if one gives everything (Jain, Chiu & Hawe 1984). null if no reader gave.
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

  #sumOf<Key extends string | number>(sums: LRUCache<Key, Sum>, key: Key): Sum {
    const known = sums.peek(key)
    if (known !== undefined && this.#now() < known.since + hour) return known
    const fresh = { since: this.#now(), signed: 0 }
    sums.set(key, fresh)
    return fresh
  }
}

function pairOf(giver: PeerId, taker: PeerId): string {
  return `${giver} ${taker}`
}
