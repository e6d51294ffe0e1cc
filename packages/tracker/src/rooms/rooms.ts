import type { PeerId, Signal, TrackerServerMessage } from '@peerpress/wire'
import type { Bans } from '../admission/bans.ts'
import { Candidates } from './candidates.ts'
import type { Location } from '../admission/location.ts'
import { Exchanges } from './exchanges.ts'
import { emptyRoom, enter, everywhere, groupOf, type Member, placesOf, type Room, vacate } from './room.ts'
import { spend, unspent } from './signal-budget.ts'

/** One message to one peer. */
export interface Delivery {
  readonly to: PeerId
  readonly message: TrackerServerMessage
}

/** Limits and dependencies of the rooms. */
export interface RoomsOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Maximum of peers in a room. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /**
   * Readers that must be in a room before they are introduced to each other: in a very small audience an address
   * reveals more about the reader. @default 2
   */
  readonly minPeersPerRoom?: number
  /** Maximum of peers that a newcomer is introduced to. @default 6 */
  readonly introductions?: number
  /** The addresses that networks have exchanged, in these and other rooms. @default none yet */
  readonly exchanges?: Exchanges
  /** The networks that are kept apart. @default none */
  readonly bans?: Bans
  /** ms, of any clock that does not jump far. @default Date.now */
  readonly now?: () => number
}

/**
 * Introductions that one peer may request in its life, including those at joining. It can use 12 connections. More than
 * a few rounds of replacements would only help to list a post's readers.
 */
const maxAsked = 60

/**
 * Members that one search may skip before it ends: those that the peer knows, and those that it may not meet. In a room
 * with fewer members every suitable one is found.
 */
const maxSkipped = 256
/** Time after an unsuccessful request in which the peer's requests are ignored, ms: searching costs most then. */
const unsuccessfulPause = 1000

/** A peer that joins, as its ticket describes it. */
export interface Newcomer {
  /** A text that is the same for peers of one network. They are introduced first, because their route is short. */
  readonly network?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  readonly isSeed?: boolean
  /** It may meet only seeds. */
  readonly seedsOnly?: boolean
  /** Where its address counts. The address of a peer without a location is not counted. */
  readonly location?: Location | undefined
}

/**
 * Records the peers of each swarm, and which of them were introduced to each other. It has no timers and no sockets.
 * Peers are matched before any offer is made. Only peers that were introduced can send signals to each other.
 */
export class Rooms {
  readonly #maxPeersPerRoom: number
  readonly #minPeersPerRoom: number
  readonly #introductions: number
  readonly #candidates: Candidates
  readonly #exchanges: Exchanges
  readonly #bans: Bans | undefined
  readonly #now: () => number
  readonly #rooms = new Map<string, Room>()
  readonly #members = new Map<PeerId, Member>()

  constructor({
    random,
    maxPeersPerRoom = 10_000,
    minPeersPerRoom = 2,
    introductions = 6,
    now = Date.now,
    exchanges = new Exchanges({ now }),
    bans,
  }: RoomsOptions) {
    this.#candidates = new Candidates(random, exchanges, minPeersPerRoom)
    this.#exchanges = exchanges
    this.#bans = bans
    this.#now = now
    this.#maxPeersPerRoom = maxPeersPerRoom
    this.#minPeersPerRoom = minPeersPerRoom
    this.#introductions = introductions
  }

  /**
   * Adds a peer to the swarm's room and introduces it; null if the room is full.
   * @throws {Error} if the peer is in a room already
   */
  join(
    swarm: string,
    peer: PeerId,
    { isSeed = false, seedsOnly = false, location, ...at }: Newcomer = {},
  ): readonly Delivery[] | null {
    if (this.#members.has(peer)) throw new Error('a peer is in one room at a time')
    if (this.isFullFor(peer, swarm)) return null
    const room = this.#rooms.get(swarm) ?? emptyRoom(swarm)
    const kind = isSeed ? 'seed' : seedsOnly ? 'seeds-only' : 'reader'
    const member: Member = {
      peer,
      room,
      kind,
      location: isSeed ? undefined : location,
      places: placesOf(isSeed ? at : { ...at, location }),
      introduced: new Map(),
      asked: 0,
      pausedUntil: -Infinity,
    }
    this.#rooms.set(swarm, room)
    this.#members.set(peer, member)
    enter(member)
    const deliveries = this.#introduce(member, this.#introductions)
    // Readers that came when there were too few have waited for this one.
    if (!isSeed && room.readers === this.#minPeersPerRoom)
      for (const other of groupOf(room, 'reader', everywhere))
        if (!knowsReader(other)) deliveries.push(...this.#introduce(other, this.#introductions))
    return deliveries
  }

  /** Whether the swarm's room is full for a peer. A peer that is in the room has its place. */
  isFullFor(peer: PeerId, swarm: string): boolean {
    const room = this.#rooms.get(swarm)
    return (room?.size ?? 0) >= this.#maxPeersPerRoom && this.#members.get(peer)?.room !== room
  }

  /** Returns how many peers of its room a peer may meet, including itself; 0 if it is in no room. */
  size(peer: PeerId): number {
    const member = this.#members.get(peer)
    if (member === undefined) return 0
    const { size, readers } = member.room
    return member.kind === 'seeds-only' ? size - readers + 1 : size
  }

  /**
   * Introduces a peer to up to `count` further members. The peer makes the offers. If none is found, its requests are
   * ignored for a second. Members that join meanwhile are introduced to it when they join.
   */
  want(peer: PeerId, count: number): readonly Delivery[] {
    const member = this.#members.get(peer)
    if (member === undefined || this.#now() < member.pausedUntil) return []
    const deliveries = this.#introduce(member, count)
    if (deliveries.length === 0) member.pausedUntil = this.#now() + unsuccessfulPause
    return deliveries
  }

  /** Whether two peers were introduced and both are still in their room. */
  areIntroduced(one: PeerId, other: PeerId): boolean {
    const [a, b] = [this.#members.get(one), this.#members.get(other)]
    return a !== undefined && b !== undefined && a.introduced.has(b)
  }

  /**
   * Relays a signal. Returns null if the two were not introduced or one has left, `excess` if the sender has sent the
   * receiver as many as it may.
   */
  signal(from: PeerId, to: PeerId, signal: Signal): Delivery | 'excess' | null {
    const [sender, receiver] = [this.#members.get(from), this.#members.get(to)]
    const budget = receiver && sender?.introduced.get(receiver)
    if (sender === undefined || receiver === undefined || budget === undefined) return null
    const left = spend(budget, signal, this.#now())
    if (left === null) return 'excess'
    sender.introduced.set(receiver, left)
    return { to, message: { type: 'signal', from, signal } }
  }

  /** Removes a peer, and informs the peers it was introduced to. */
  leave(peer: PeerId): readonly Delivery[] {
    const member = this.#members.get(peer)
    if (member === undefined) return []
    this.#members.delete(peer)
    vacate(member)
    if (member.room.size === 0) this.#rooms.delete(member.room.swarm)
    return Array.from(member.introduced.keys(), (other): Delivery => {
      other.introduced.delete(member)
      return { to: other.peer, message: { type: 'left', peer } }
    })
  }

  #introduce(member: Member, count: number): Delivery[] {
    const deliveries: Delivery[] = []
    let left = Math.min(count, maxAsked - member.asked)
    if (left <= 0) return deliveries
    let skipped = 0
    for (const other of this.#candidates.of(member)) {
      if (other === member || member.introduced.has(other) || !this.#mayMeet(member, other)) {
        if (++skipped === maxSkipped) break
        continue
      }
      member.introduced.set(other, unspent)
      other.introduced.set(member, unspent)
      member.asked++
      if (member.location && other.location) this.#exchanges.meet(member.location, other.location)
      deliveries.push(
        { to: member.peer, message: introductionOf(other, 'offer') },
        { to: other.peer, message: introductionOf(member, 'answer') },
      )
      if (--left === 0) break
    }
    return deliveries
  }

  #mayMeet({ location: one }: Member, { location: other }: Member): boolean {
    if (one === undefined || other === undefined) return true
    return (
      this.#exchanges.mayMeet(one, other) && !this.#bans?.areApart(one.networkPrefix, other.networkPrefix)
    )
  }
}

function introductionOf({ peer, kind }: Member, role: 'offer' | 'answer'): TrackerServerMessage {
  return { type: 'introduce', peer, role, ...(kind === 'seed' ? { seed: true } : {}) }
}

function knowsReader({ introduced }: Member): boolean {
  for (const other of introduced.keys()) if (other.kind !== 'seed') return true
  return false
}
