import {
  encodeTrackerMessage,
  type IceServer,
  type PeerId,
  type PostId,
  type Signal,
  type SiteId,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { type LendingRecords, type LentSeed, lentNetwork } from '../admission/lent.ts'
import type { Bans } from '../admission/bans.ts'
import type { Credits } from '../rooms/credits.ts'
import type { EventCounts, TrackerEvent } from './event-counts.ts'
import type { GovernedLines, Terms } from '../admission/policy-watch.ts'
import type { Delivery, Newcomer, Rooms } from '../rooms/rooms.ts'
import type { Admission } from '../admission/tickets.ts'

/** The connection to one peer. */
export interface Line {
  /** Sends a text message, or ends the connection if the peer does not read. */
  send(text: string): void
  /** Whether so much waits for the peer that signals of other peers should be dropped. */
  readonly isBehind: boolean
  /**
   * Closes the connection: the peer has joined over another one, is banned, or is no longer admitted. The connection
   * then calls `leave`.
   */
  end(reason: 'displaced' | 'banned' | 'policy-changed'): void
}

/** How peers connect to each other. */
export interface IceOptions {
  /** STUN and TURN servers that peers use. */
  readonly iceServers: readonly IceServer[]
  /** Peers connect only through TURN servers. @default false */
  readonly relayOnly?: boolean
}

/** Connects the rooms with the connections of the peers in them. */
export class Handshake implements GovernedLines {
  readonly #rooms: Rooms
  readonly #counts: EventCounts
  readonly #welcome: TrackerServerMessage
  readonly #lines = new Map<PeerId, Line>()
  readonly #networkPrefixes = new Map<PeerId, string>()
  readonly #terms = new Map<PeerId, Terms>()
  readonly #bans: Bans
  readonly #credits: Credits
  readonly #lent = new Map<PeerId, LentSeed>()
  readonly #lending: LendingRecords | null
  readonly #fail: (error: unknown) => void
  #closing = false

  constructor(
    { iceServers, relayOnly = false }: IceOptions,
    parts: {
      readonly rooms: Rooms
      readonly bans: Bans
      readonly credits: Credits
      readonly counts: EventCounts
      /** null: no seed is lent. */
      readonly lending: LendingRecords | null
      readonly fail: (error: unknown) => void
    },
  ) {
    this.#welcome = { type: 'welcome', iceServers, ...(relayOnly ? { relayOnly } : {}) }
    this.#rooms = parts.rooms
    this.#bans = parts.bans
    this.#credits = parts.credits
    this.#counts = parts.counts
    this.#lending = parts.lending
    this.#fail = parts.fail
  }

  /** Returns why a peer would be refused, or null. Cheap: it checks no signature. */
  refusalOf(peer: PeerId, { swarm }: Admission): 'full' | 'banned' | null {
    if (this.#bans.isBanned(peer)) return 'banned'
    return this.#rooms.isFullFor(peer, swarm) ? 'full' : null
  }

  /**
   * Welcomes a peer that `refusalOf` does not refuse, and introduces it. If the peer has joined over another
   * connection, which may have broken, that one is closed.
   */
  join(peer: PeerId, { swarm, ...about }: Admission & Newcomer, line: Line): void {
    const { networkPrefix } = about.location
    this.#lines.get(peer)?.end('displaced')
    const introductions = this.#rooms.join(swarm, peer, about)
    if (introductions === null) throw new Error('a refused peer must not join')
    this.#lines.set(peer, line)
    this.#networkPrefixes.set(peer, networkPrefix)
    this.#terms.set(peer, { site: about.site, policy: about.policy })
    this.#credits.open(peer, { network: networkPrefix, isSeed: about.isSeed, ticket: about.ticket })
    this.#counts.add('joined')
    if (about.lent) this.#lend(peer, { ...about.lent, site: about.site, post: postOf(swarm) })
    this.#deliver([{ to: peer, message: this.#welcome }])
    this.#sendSize(peer)
    this.#introduce(introductions)
  }

  isBanned(peer: PeerId): boolean {
    return this.#bans.isBanned(peer)
  }

  /**
   * Bans a peer that `accuser` has proven to lie, and informs the peers it was introduced to.
   * @returns the site that the accuser is connected for; null if the peer was banned before, or the accuser has left
   */
  ban(peer: PeerId, accuser: PeerId): SiteId | null {
    if (this.#bans.isBanned(peer)) return null
    const site = this.#terms.get(accuser)?.site ?? null
    this.#bans.ban(peer, {
      network: this.#networkPrefixes.get(peer),
      accuser: this.#networkPrefixes.get(accuser),
    })
    this.#counts.add('liar-banned')
    const farewells = this.#rooms.leave(peer)
    this.#deliver(farewells.map(({ to }) => ({ to, message: { type: 'banned', peer } })))
    this.#lines.get(peer)?.end('banned')
    return site
  }

  sites(): ReadonlySet<SiteId> {
    return new Set(Array.from(this.#terms.values(), ({ site }) => site))
  }

  /**
   * Both sides of an introduction are informed, so that they disconnect even if one message is lost. Peers of release
   * 0.1 understand these messages.
   */
  closeUnless(isStillAdmitted: (terms: Terms) => boolean): void {
    // Closing a connection deletes its terms.
    const closed = Array.from(this.#terms).filter(([, terms]) => !isStillAdmitted(terms))
    for (const [peer] of closed) {
      for (const { to } of this.#rooms.leave(peer)) {
        this.#deliver([
          { to, message: { type: 'banned', peer } },
          { to: peer, message: { type: 'banned', peer: to } },
        ])
      }
      this.#lines.get(peer)?.end('policy-changed')
    }
  }

  /** Returns why a claim would be worth nothing even with a valid signature, or null. Changes nothing. */
  claimRefusal(giver: PeerId, taker: PeerId, bytes: number): TrackerEvent | null {
    if (!this.#rooms.areIntroduced(giver, taker)) return 'claim-refused'
    const credit = this.#credits.worthOf(giver, taker, bytes)
    return credit === 'stale' || credit === 'same-network' ? `claim-${credit}` : null
  }

  /** Credits `giver` with the bytes that `taker` has signed for. The two were introduced. */
  claim(giver: PeerId, taker: PeerId, bytes: number): void {
    const credit = this.#credits.claim(giver, taker, bytes)
    this.#counts.add(credit === 'credited' ? credit : `claim-${credit}`)
    const seed = this.#lent.get(giver)
    const networkPrefix = this.#networkPrefixes.get(taker)
    if (seed === undefined || networkPrefix === undefined || this.#lending === null) return
    const network = lentNetwork(seed, networkPrefix)
    this.#lending.onClaim({ ...seed, giver, taker, network, bytes }).catch(this.#fail)
  }

  want(peer: PeerId, count: number): void {
    this.#sendSize(peer)
    this.#introduce(this.#rooms.want(peer, count))
  }

  /**
   * Relays a signal. It is dropped if the peer was not introduced or has left, if the sender exceeds its limit, or if
   * the peer does not read: signals of others must not end its connection. Descriptions of several media sections are
   * dropped too, because peers of release 0.1 answer them with more than this tracker accepts.
   */
  signal(from: PeerId, to: PeerId, signal: Signal): void {
    const delivery = this.#rooms.signal(from, to, signal)
    if (signal.kind !== 'candidate' && hasSeveralSections(signal.sdp)) this.#counts.add('signal-refused')
    else if (delivery === null) this.#counts.add('not-introduced')
    else if (delivery === 'excess') this.#counts.add('signal-excess')
    else if (this.#lines.get(to)?.isBehind) this.#counts.add('signal-to-slow')
    else {
      this.#counts.add('relayed')
      this.#deliver([delivery])
    }
  }

  leave(peer: PeerId): void {
    this.#lines.delete(peer)
    this.#networkPrefixes.delete(peer)
    this.#terms.delete(peer)
    this.#lent.delete(peer)
    this.#credits.close(peer)
    const farewells = this.#rooms.leave(peer)
    if (!this.#closing) this.#deliver(farewells)
  }

  /**
   * Stops sending `left` messages: readers that leave because the tracker stops stay connected to each other.
   */
  close(): void {
    this.#closing = true
  }

  #lend(peer: PeerId, seed: LentSeed): void {
    this.#lent.set(peer, seed)
    this.#lending?.onJoin(peer, seed).catch(this.#fail)
  }

  #sendSize(peer: PeerId): void {
    const peers = this.#rooms.size(peer)
    if (peers > 0) this.#deliver([{ to: peer, message: { type: 'swarm', peers } }])
  }

  #introduce(deliveries: readonly Delivery[]): void {
    this.#counts.add('introduced', deliveries.length / 2)
    this.#deliver(deliveries)
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const { to, message } of deliveries) this.#lines.get(to)?.send(encodeTrackerMessage(message))
  }
}

function postOf(swarm: string): PostId {
  return swarm.slice(swarm.indexOf('/') + 1)
}

function hasSeveralSections(sdp: string): boolean {
  const first = sdp.indexOf('\nm=')
  return first !== -1 && sdp.includes('\nm=', first + 1)
}
