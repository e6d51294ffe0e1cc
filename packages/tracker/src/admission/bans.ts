import type { PeerId } from '@peerpress/wire'
import { recent } from '../recent.ts'

const hour = 60 * 60_000
/** Maximum of peers, and of pairs of networks, that are remembered. Beyond it the oldest are forgotten. */
const maxRemembered = 100_000
/**
 * Time for which two networks are separated after the second proven lie between them, ms. It doubles with each further
 * lie.
 */
const firstWait = 60_000

interface Record {
  readonly liars: number
  /** They are separated until then, ms. */
  readonly apartUntil: number
  readonly forgottenAt: number
}

/** A proof against a peer: the networks of the liar and of the accuser, if these are still connected. */
export interface BanCase {
  readonly network: string | undefined
  readonly accuser: string | undefined
}

/**
 * Bans peers that were proven to have sent a wrong chunk: their key may not join for an hour.
 *
 * A new key costs nothing. So if a network lies to another one again within the hour, the two are separated, longer
 * each time: their peers are not introduced. Readers of both may still join and meet peers of other networks. A network
 * is more than one reader, and anybody can make keys, lie with them and prove it. Lies within one network separate
 * nobody. Connected peers stay connected.
 */
export class Bans {
  readonly #now: () => number
  /** The end of each ban, ms, the oldest first. */
  readonly #peers = recent<PeerId, number>(maxRemembered)
  readonly #pairs = recent<string, Record>(maxRemembered)

  /** `now`: ms, of any clock that does not jump far. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Bans a peer, unless it is banned already. */
  ban(peer: PeerId, { network, accuser }: BanCase): void {
    if (this.isBanned(peer)) return
    const now = this.#now()
    this.#peers.set(peer, now + hour)
    if (network === undefined || accuser === undefined || network === accuser) return
    const pair = pairOf(network, accuser)
    const liars = (this.#recordOf(pair)?.liars ?? 0) + 1
    const wait = liars < 2 ? 0 : Math.min(hour, firstWait * 2 ** (liars - 2))
    const record = { liars, apartUntil: now + wait, forgottenAt: now + hour + wait }
    this.#pairs.set(pair, record)
  }

  isBanned(peer: PeerId): boolean {
    const until = this.#peers.peek(peer)
    if (until !== undefined && until > this.#now()) return true
    this.#peers.delete(peer)
    return false
  }

  /** Whether two networks are separated: their peers are not introduced to each other. */
  areApart(one: string, other: string): boolean {
    if (this.#pairs.size === 0) return false
    return (this.#recordOf(pairOf(one, other))?.apartUntil ?? 0) > this.#now()
  }

  #recordOf(pair: string): Record | undefined {
    const record = this.#pairs.peek(pair)
    if (record === undefined || record.forgottenAt > this.#now()) return record
    this.#pairs.delete(pair)
    return undefined
  }
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`
}
