import type { PeerId } from '@peerpress/wire'

const hour = 60 * 60_000
/** Peers and networks that are remembered at most, each; past that the oldest are forgiven. */
const maxRemembered = 100_000
/** ms that nobody new of a network may join after its second proven liar; twice as long after each one more. */
const firstWait = 60_000

interface Record {
  readonly liars: number
  /** Nobody new may join before, ms. */
  readonly waitsUntil: number
  readonly forgottenAt: number
}

/**
 * Who was proven to have sent a wrong chunk. The key stays out for an hour. A new key costs nothing, so a network that
 * lies again within the hour must wait, longer each time; after its first liar it need not, since a network is more than
 * one reader. Who is connected stays: nobody is closed for what a neighbour did.
 */
export class Bans {
  readonly #now: () => number
  /** When each ban ends, the oldest first. */
  readonly #peers = new Map<PeerId, number>()
  readonly #networks = new Map<string, Record>()

  /** `now`: ms, any clock that does not jump far. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** `network`: undefined when the peer is gone. Banned again, a peer changes nothing. */
  ban(peer: PeerId, network: string | undefined): void {
    if (this.isBanned(peer)) return
    const now = this.#now()
    remember(this.#peers, peer, now + hour)
    if (network === undefined) return
    const liars = (this.#recordOf(network)?.liars ?? 0) + 1
    const wait = liars < 2 ? 0 : Math.min(hour, firstWait * 2 ** (liars - 2))
    remember(this.#networks, network, { liars, waitsUntil: now + wait, forgottenAt: now + hour + wait })
  }

  isBanned(peer: PeerId): boolean {
    const until = this.#peers.get(peer)
    if (until !== undefined && until > this.#now()) return true
    this.#peers.delete(peer)
    return false
  }

  /** Whether the network lied so often that nobody new of it may join yet. */
  mustWait(network: string): boolean {
    return (this.#recordOf(network)?.waitsUntil ?? 0) > this.#now()
  }

  #recordOf(network: string): Record | undefined {
    const record = this.#networks.get(network)
    if (record === undefined || record.forgottenAt > this.#now()) return record
    this.#networks.delete(network)
    return undefined
  }
}

function remember<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.delete(key)
  map.set(key, value)
  for (const oldest of map.keys()) {
    if (map.size <= maxRemembered) return
    map.delete(oldest)
  }
}
