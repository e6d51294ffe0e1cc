import type { PeerId, Signal, TrackerServerMessage } from '@peerpress/wire'
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
}

/**
 * Introductions that one peer may ask for in its life, those at joining included. It can use 12 connections; more
 * than a few rounds of replacements would only serve to list a post's readers.
 */
const maxAsked = 60

/**
 * Members that are looked at for one introduction in vain, known ones above all, before the search ends. A peer knows so
 * many of a large room only if it is a seed: in a room of fewer members every one is found.
 */
const maxVainLooks = 256

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
}

/** A reader that would meet seeds and nobody else is `shy`. */
type Kind = 'seed' | 'reader' | 'shy'

interface Member {
  readonly peer: PeerId
  readonly room: Room
  readonly kind: Kind
  /** Where it is: its network, its country, and the whole room. */
  readonly places: readonly string[]
  readonly introduced: Set<Member>
  asked: number
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
 * Who is in which swarm, and who was introduced to whom: no clock, no sockets. Peers are matched before any offer is
 * made; only those introduced to each other can signal each other.
 */
export class Rooms {
  readonly #random: () => number
  readonly #maxPeersPerRoom: number
  readonly #minPeersPerRoom: number
  readonly #introductions: number
  readonly #rooms = new Map<string, Room>()
  readonly #members = new Map<PeerId, Member>()

  constructor({ random, maxPeersPerRoom = 10_000, minPeersPerRoom = 2, introductions = 6 }: RoomsOptions) {
    this.#random = random
    this.#maxPeersPerRoom = maxPeersPerRoom
    this.#minPeersPerRoom = minPeersPerRoom
    this.#introductions = introductions
  }

  /** Lets the peer, which is in none, into the swarm's room and introduces it; null when the room is full. */
  join(
    swarm: string,
    peer: PeerId,
    { isSeed = false, seedsOnly = false, ...at }: Newcomer = {},
  ): readonly Delivery[] | null {
    if (this.#members.has(peer)) throw new Error('a peer is in one room at a time')
    if (this.isFullFor(peer, swarm)) return null
    const room = this.#rooms.get(swarm) ?? { swarm, places: new Map(), size: 0, readers: 0 }
    const kind = isSeed ? 'seed' : seedsOnly ? 'shy' : 'reader'
    const member: Member = { peer, room, kind, places: placesOf(at), introduced: new Set(), asked: 0 }
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

  /** Introduces the peer to up to `count` members more. It makes the offers. */
  want(peer: PeerId, count: number): readonly Delivery[] {
    const member = this.#members.get(peer)
    return member === undefined ? [] : this.#introduce(member, count)
  }

  /** Whether the two were introduced and both are still there. */
  areIntroduced(one: PeerId, other: PeerId): boolean {
    const [a, b] = [this.#members.get(one), this.#members.get(other)]
    return a !== undefined && b !== undefined && a.introduced.has(b)
  }

  /** Passes a signal on; null when the two were not introduced or one of them is gone. */
  signal(from: PeerId, to: PeerId, signal: Signal): Delivery | null {
    if (!this.areIntroduced(from, to)) return null
    return { to, message: { type: 'signal', from, signal } }
  }

  /** Forgets the peer and tells those it was introduced to. */
  leave(peer: PeerId): readonly Delivery[] {
    const member = this.#members.get(peer)
    if (member === undefined) return []
    this.#members.delete(peer)
    vacate(member)
    if (member.room.size === 0) this.#rooms.delete(member.room.swarm)
    return Array.from(member.introduced, (other): Delivery => {
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
      if (other === member || member.introduced.has(other)) {
        if (++vainLooks === maxVainLooks) break
        continue
      }
      member.introduced.add(other)
      other.introduced.add(member)
      member.asked++
      deliveries.push(
        { to: member.peer, message: introductionOf(other, 'offer') },
        { to: other.peer, message: introductionOf(member, 'answer') },
      )
      if (--left === 0) break
    }
    return deliveries
  }

  /**
   * The members of the room that the member may meet: first of the same network, then of the same country, then all,
   * now and then any.
   */
  *#candidates({ room, kind, places }: Member): Generator<Member, void> {
    const kinds = room.readers < this.#minPeersPerRoom ? whenTooFew[kind] : mayMeet[kind]
    const groupAt = (place: string) => unionOf(kinds.map((one) => groupOf(room, one, place)))
    const anywhere = shuffled(groupAt(everywhere), this.#random)
    for (const place of places) {
      if (place === everywhere) continue
      for (const other of shuffled(groupAt(place), this.#random)) {
        while (this.#random() < farShare) {
          const { value: far } = anywhere.next()
          if (far === undefined) break
          yield far
        }
        yield other
      }
    }
    yield* anywhere
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
  for (const place of places) {
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
  for (const place of places) {
    const groups = room.places.get(place)
    groups?.[kind]?.delete(member)
    if (groups !== undefined && Object.values(groups).every(({ size }) => size === 0))
      room.places.delete(place)
  }
}

function groupOf({ places }: Room, kind: Kind, place: string): readonly Member[] {
  return places.get(place)?.[kind]?.items ?? []
}

function placesOf({ network, country }: Whereabouts): readonly string[] {
  return [
    network === undefined ? [] : `network ${network}`,
    country === undefined ? [] : `country ${country}`,
    everywhere,
  ].flat()
}

function introductionOf({ peer, kind }: Member, role: 'offer' | 'answer'): TrackerServerMessage {
  return { type: 'introduce', peer, role, ...(kind === 'seed' ? { seed: true } : {}) }
}

function knowsReader({ introduced }: Member): boolean {
  for (const other of introduced) if (other.kind !== 'seed') return true
  return false
}
