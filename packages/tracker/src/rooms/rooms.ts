import type { PeerId, Signal, TrackerServerMessage } from '@peerpress/wire'
import { TokenBucket } from '@peerpress/wire/token-bucket'
import type { Bans } from '../admission/bans.ts'
import { Exchanges, type Location } from './exchanges.ts'
import { Group } from './group.ts'
import { type Indexed, shuffled } from './shuffled.ts'

/** One message to one peer. */
export interface Delivery {
  readonly to: PeerId
  readonly message: TrackerServerMessage
}

/** Limits of the rooms, and their chance. */
export interface RoomsOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number
  /** Peers in a room at most. @default 10_000 */
  readonly maxPeersPerRoom?: number
  /**
   * Peers that must be in a room before any is introduced to another: in a very small audience an address tells more
   * about who reads. @default 2
   */
  readonly minPeersPerRoom?: number
  /** Peers a newcomer is introduced to at most. @default 6 */
  readonly introductions?: number
  /** The addresses that networks have exchanged, in this and all other swarms. @default none yet */
  readonly exchanges?: Exchanges
  /** Which networks are kept apart. @default none */
  readonly bans?: Bans
  /** ms, any clock that does not jump far. @default Date.now */
  readonly now?: () => number
}

/**
 * Introductions that one peer may ask for in its life, those at joining included. It can use 12 connections; more
 * than a few rounds of replacements would only serve to list a post's readers.
 */
const maxAsked = 60

/**
 * Members that are looked at in vain for one introduction before the search ends: those that the peer knows, and those
 * that it may not meet because a network has exchanged its addresses. In a room of fewer members every one is found.
 */
const maxVainLooks = 256
/** ms after a wish that found nobody in which the same peer's wishes are not looked into: those that vain looks cost. */
const vainPause = 1000

/**
 * Signals that one peer may send another, characters: an offer of the greatest length and sixty candidates at once, then
 * a small offer now and then. Each signal counts for `signalHead` characters more.
 */
const signalLimit = { burst: 48 * 1024, perSecond: 1024 }
const signalHead = 512

/** Of the members a newcomer is introduced to, the share that is drawn from all: near ones alone would make islands. */
const farShare = 0.2

/** Where a peer is: of two in one network, or else in one country, little of the way is anybody else's. */
export interface Whereabouts {
  /** Any text that is the same for peers of one network. */
  readonly network?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
}

/** What is known of who joins. */
export interface Newcomer extends Whereabouts {
  readonly isSeed?: boolean
  /** It is to meet seeds and nobody else. */
  readonly seedsOnly?: boolean
  /** Where its address counts. Of a peer without a location no address is counted. */
  readonly location?: Location | undefined
}

/** A reader that would meet seeds and nobody else is `shy`. */
type Kind = 'seed' | 'reader' | 'shy'

interface Member {
  readonly peer: PeerId
  readonly room: Room
  readonly kind: Kind
  /**
   * Where its address counts. A seed has none: it is a machine of the operator's, which sees its readers' addresses as the
   * server does, and its own address is meant to be found.
   */
  readonly location: Location | undefined
  /** Where it is: its network, its address, its country, and the whole room. */
  readonly places: Places
  /** Whom it was introduced to, and what it may send them; null before its first signal. */
  readonly introduced: Map<Member, TokenBucket | null>
  asked: number
  /** Its wishes are not looked into until then, ms. */
  pausedUntil: number
}

interface Places {
  readonly network: string | undefined
  readonly address: string | undefined
  readonly country: string | undefined
}

interface Room {
  readonly swarm: string
  /** Members by place and kind, as long as there are any: only those that may meet are looked at. */
  readonly places: Map<string, Partial<Record<Kind, Group<Member>>>>
  size: number
  /** Members that are no seeds. */
  readers: number
}

/**
 * Who is in which swarm, and who was introduced to whom: no timers, no sockets. Peers are matched before any offer is
 * made; only those introduced to each other can signal each other.
 */
export class Rooms {
  readonly #random: () => number
  readonly #maxPeersPerRoom: number
  readonly #minPeersPerRoom: number
  readonly #introductions: number
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
    this.#random = random
    this.#exchanges = exchanges
    this.#bans = bans
    this.#now = now
    this.#maxPeersPerRoom = maxPeersPerRoom
    this.#minPeersPerRoom = minPeersPerRoom
    this.#introductions = introductions
  }

  /** Lets the peer, which is in none, into the swarm's room and introduces it; null when the room is full. */
  join(
    swarm: string,
    peer: PeerId,
    { isSeed = false, seedsOnly = false, location, ...at }: Newcomer = {},
  ): readonly Delivery[] | null {
    if (this.#members.has(peer)) throw new Error('a peer is in one room at a time')
    if (this.isFullFor(peer, swarm)) return null
    const room = this.#rooms.get(swarm) ?? { swarm, places: new Map(), size: 0, readers: 0 }
    const kind = isSeed ? 'seed' : seedsOnly ? 'shy' : 'reader'
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
    // Who came while they were too few has waited for this one.
    if (!isSeed && room.readers === this.#minPeersPerRoom)
      for (const other of groupOf(room, 'reader', everywhere))
        if (!knowsReader(other)) deliveries.push(...this.#introduce(other, this.#introductions))
    return deliveries
  }

  /** Whether the swarm's room has no place for the peer. One that is in it has its place. */
  isFullFor(peer: PeerId, swarm: string): boolean {
    const room = this.#rooms.get(swarm)
    return (room?.size ?? 0) >= this.#maxPeersPerRoom && this.#members.get(peer)?.room !== room
  }

  /** Peers of its room that a peer may meet, itself included; 0 when it is in none. */
  size(peer: PeerId): number {
    const member = this.#members.get(peer)
    if (member === undefined) return 0
    const { size, readers } = member.room
    return member.kind === 'shy' ? size - readers + 1 : size
  }

  /**
   * Introduces the peer to up to `count` members more. It makes the offers. After a wish that found nobody its wishes are
   * ignored for a second: whoever comes meanwhile is introduced to it when they join.
   */
  want(peer: PeerId, count: number): readonly Delivery[] {
    const member = this.#members.get(peer)
    if (member === undefined || this.#now() < member.pausedUntil) return []
    const deliveries = this.#introduce(member, count)
    if (deliveries.length === 0) member.pausedUntil = this.#now() + vainPause
    return deliveries
  }

  /** Whether the two were introduced and both are still there. */
  areIntroduced(one: PeerId, other: PeerId): boolean {
    const [a, b] = [this.#members.get(one), this.#members.get(other)]
    return a !== undefined && b !== undefined && a.introduced.has(b)
  }

  /**
   * Passes a signal on; null when the two were not introduced or one of them is gone, `excess` when the one has sent the
   * other as many as it may.
   */
  signal(from: PeerId, to: PeerId, signal: Signal): Delivery | 'excess' | null {
    const [sender, receiver] = [this.#members.get(from), this.#members.get(to)]
    const known = receiver && sender?.introduced.get(receiver)
    if (sender === undefined || receiver === undefined || known === undefined) return null
    const now = this.#now()
    const allowance = known ?? new TokenBucket(signalLimit, now)
    sender.introduced.set(receiver, allowance)
    if (!allowance.take(now, signalHead + lengthOf(signal))) return 'excess'
    return { to, message: { type: 'signal', from, signal } }
  }

  /** Forgets the peer and tells those it was introduced to. */
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
    let vainLooks = 0
    for (const other of this.#candidates(member)) {
      if (other === member || member.introduced.has(other) || !this.#mayMeet(member, other)) {
        if (++vainLooks === maxVainLooks) break
        continue
      }
      member.introduced.set(other, null)
      other.introduced.set(member, null)
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

  /**
   * The members of the room that the member may meet: first of the same network, then at addresses that its network
   * knows, then of the same country, then all. One in five is drawn from all. Once its network has exchanged as many
   * addresses as it may, its own network, the addresses that it knows and seeds are left.
   */
  *#candidates({ room, kind, places, location }: Member): Generator<Member, void> {
    const kinds = room.readers < this.#minPeersPerRoom ? whenTooFew[kind] : mayMeet[kind]
    const groupAt = (place: string) => unionOf(kinds.map((one) => groupOf(room, one, place)))
    const anywhere = shuffled(groupAt(everywhere), this.#random)
    const seeds = shuffled(groupOf(room, 'seed', everywhere), this.#random)
    const nextFar = () => (this.#hasRoom(location) ? anywhere : seeds).next().value
    for (const place of this.#placesNear(places, location)) {
      for (const other of shuffled(groupAt(place), this.#random)) {
        while (this.#random() < farShare) {
          const far = nextFar()
          if (far === undefined) break
          yield far
        }
        yield other
      }
    }
    for (let far = nextFar(); far !== undefined; far = nextFar()) yield far
  }

  #hasRoom(location: Location | undefined): boolean {
    return location === undefined || this.#exchanges.hasRoom(location)
  }

  *#placesNear({ network, country }: Places, location: Location | undefined): Generator<string, void> {
    if (network !== undefined) yield network
    if (location !== undefined)
      for (const address of shuffled(this.#exchanges.known(location), this.#random)) yield placeOf(address)
    if (country !== undefined && this.#hasRoom(location)) yield country
  }
}

/** The members that a member may meet. A seed is always on and no reader. */
const mayMeet: Record<Kind, readonly Kind[]> = {
  seed: ['seed', 'reader', 'shy'],
  reader: ['seed', 'reader'],
  shy: ['seed'],
}

/** So few readers are not shown to each other. */
const whenTooFew: Record<Kind, readonly Kind[]> = { ...mayMeet, reader: ['seed'] }

const everywhere = ''

function unionOf<Item>(parts: readonly (readonly Item[])[]): Indexed<Item> {
  const some = parts.filter(({ length }) => length > 0)
  return some.length === 1 && some[0] !== undefined ? some[0] : new Union(some)
}

/** Several lists as one, without a copy. */
class Union<Item> implements Indexed<Item> {
  readonly #parts: readonly (readonly Item[])[]
  readonly length: number

  constructor(parts: readonly (readonly Item[])[]) {
    this.#parts = parts
    this.length = parts.reduce((sum, { length }) => sum + length, 0)
  }

  at(index: number): Item | undefined {
    let rest = index
    for (const part of this.#parts) {
      if (rest < part.length) return part[rest]
      rest -= part.length
    }
    return undefined
  }
}

function enter(member: Member): void {
  const { room, kind, places } = member
  room.size++
  if (kind !== 'seed') room.readers++
  for (const place of listOf(places)) {
    const groups = room.places.get(place) ?? {}
    room.places.set(place, groups)
    const group = (groups[kind] ??= new Group<Member>())
    group.add(member)
  }
}

function vacate(member: Member): void {
  const { room, kind, places } = member
  room.size--
  if (kind !== 'seed') room.readers--
  for (const place of listOf(places)) {
    const groups = room.places.get(place)
    groups?.[kind]?.delete(member)
    if (groups !== undefined && Object.values(groups).every(({ size }) => size === 0))
      room.places.delete(place)
  }
}

function groupOf({ places }: Room, kind: Kind, place: string): readonly Member[] {
  return places.get(place)?.[kind]?.items ?? []
}

function placesOf({ network, country, location }: Newcomer): Places {
  return {
    network: network === undefined ? undefined : `network ${network}`,
    address: location === undefined ? undefined : placeOf(location.address),
    country: country === undefined ? undefined : `country ${country}`,
  }
}

function placeOf(address: number): string {
  return `address ${address}`
}

function listOf({ network, address, country }: Places): readonly string[] {
  return [network, address, country, everywhere].filter((place) => place !== undefined)
}

function lengthOf(signal: Signal): number {
  return signal.kind === 'candidate' ? signal.candidate.length : signal.sdp.length
}

function introductionOf({ peer, kind }: Member, role: 'offer' | 'answer'): TrackerServerMessage {
  return { type: 'introduce', peer, role, ...(kind === 'seed' ? { seed: true } : {}) }
}

function knowsReader({ introduced }: Member): boolean {
  for (const other of introduced.keys()) if (other.kind !== 'seed') return true
  return false
}
