import type { PeerId } from '@peerpress/wire'
import { recent } from '../rooms/recent.ts'

const hour = 60 * 60_000
/** Peers and pairs of networks that are remembered at most, each; past that the oldest are forgiven. */
const maxRemembered = 100_000
/** ms that two networks are kept apart after the second proven lie between them; twice as long after each one more. */
const firstWait = 60_000

interface Record {
  readonly liars: number
  /** They are kept apart until then, ms. */
  readonly apartUntil: number
  readonly forgottenAt: number
}

/** A proof against a peer: the networks of the liar and of the peer that brought the proof, if they are still there. */
export interface BanCase {
  readonly network: string | undefined
  readonly accuser: string | undefined
}

/**
 * Who was proven to have sent a wrong chunk. The key stays out for an hour.
 *
 * A new key costs nothing. So a network that lies to another one again within the hour is kept apart from that one, longer
 * each time: peers of the two are not introduced. Its readers may join all the same and meet everybody else, because a
 * network is more than one reader, and anybody can make keys, lie with them and prove it. Within one network nobody is kept
 * apart. Connected peers stay connected.
 */
export class Bans {
  readonly #now: () => number
  /** When each ban ends, the oldest first. */
  readonly #peers = recent<PeerId, number>(maxRemembered)
  readonly #pairs = recent<string, Record>(maxRemembered)

  /** `now`: ms, any clock that does not jump far. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Banned again, a peer changes nothing. */
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

  /** Whether peers of the two networks are not to be introduced to each other yet. */
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
