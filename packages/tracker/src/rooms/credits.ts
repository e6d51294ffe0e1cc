import type { PeerId } from '@peerpress/wire'
import type { LRUCache } from 'lru-cache'
import { recent } from './recent.ts'

/** Bytes that the receipts of one ticket, and of one network within an hour, can add up to. */
const maxPerTicket = 2 * 1024 ** 3
const maxPerNetwork = 20 * 1024 ** 3
const hour = 60 * 60_000
/**
 * Networks and tickets whose sums are remembered, and pairs of peers whose receipts are, each; past that the oldest begin
 * anew.
 */
const maxRemembered = 100_000

/** What a receipt was worth. */
export type Credit =
  | 'credited'
  /** Nothing: giver and taker are in one network, where readers could be made up for each other. */
  | 'same-network'
  /** Less than it says: the taker's ticket or network has signed for as much as it may. */
  | 'capped'
  /** Nothing new. */
  | 'stale'

/** Bytes that a ticket or a network has signed for, within the hour. */
interface Sum {
  readonly since: number
  signed: number
}

/** Who holds an account. */
export interface AccountHolder {
  readonly network: string
  readonly isSeed: boolean
  /** The same for all who joined with one ticket. */
  readonly ticket: number
}

interface Account extends AccountHolder {
  given: number
  /** Bytes it signed for. */
  signed: number
  /** The sum of its ticket. A ticket lives for minutes, its holder's connection may live for longer. */
  readonly ticketSum: Sum
}

/** Bytes that were given, by the takers' signatures. */
export interface Given {
  readonly reader: number
  readonly seed: number
}

/**
 * What the connected peers gave each other, as receipts prove it. A receipt counts once, and what a ticket and a network
 * may sign for stays the same, however often they join.
 */
export class Credits {
  readonly #now: () => number
  readonly #accounts = new Map<PeerId, Account>()
  readonly #networks = recent<string, Sum>(maxRemembered)
  readonly #tickets = recent<number, Sum>(maxRemembered)
  /** What takers have signed for so far, by giver and taker; those of the latest receipts last. */
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

  /** `taker` signed for `bytes` in all. Both must hold accounts. */
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
    const more = bytes - (this.#claimed.peek(pairOf(giver, taker)) ?? 0)
    if (more <= 0) return { credit: 'stale', credited: 0 }
    if (to.network === from.network) return { credit: 'same-network', credited: 0 }
    const { signed } = this.#sumOf(this.#networks, from.network)
    const credited = Math.max(0, Math.min(more, maxPerTicket - from.ticketSum.signed, maxPerNetwork - signed))
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
