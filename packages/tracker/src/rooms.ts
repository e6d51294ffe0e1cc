import type { PeerId, Signal, TrackerServerMessage } from '@peerpress/wire'
import { Group } from './group.ts'
import { shuffled } from './shuffled.ts'

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

interface Member {
  readonly peer: PeerId
  readonly room: Room
  readonly isSeed: boolean
  readonly seedsOnly: boolean
  /** The room's members of its network and of its country. */
  readonly near: ReadonlyMap<string, Group<Member>>
  readonly introduced: Set<Member>
  asked: number
}

interface Room {
  readonly swarm: string
  readonly members: Group<Member>
  /** Members by network and by country, as long as there are any. */
  readonly places: Map<string, Group<Member>>
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
    const room = this.#rooms.get(swarm) ?? { swarm, members: new Group(), places: new Map(), readers: 0 }
    if (room.members.size >= this.#maxPeersPerRoom) return null
    const near = new Map(placesOf(at).map((place) => [place, groupAt(room, place)]))
    const member: Member = { peer, room, isSeed, seedsOnly, near, introduced: new Set(), asked: 0 }
    for (const group of [room.members, ...near.values()]) group.add(member)
    if (!isSeed) room.readers++
    this.#rooms.set(swarm, room)
    this.#members.set(peer, member)
    const deliveries = this.#introduce(member, this.#introductions)
    // Who came while they were too few has waited for this one.
    if (!isSeed && room.readers === this.#minPeersPerRoom)
      for (const other of room.members.items)
        if (!other.isSeed && !knowsReader(other))
          deliveries.push(...this.#introduce(other, this.#introductions))
    return deliveries
  }

  /** Peers of its room that a peer may meet, itself included; 0 when it is in none. */
  size(peer: PeerId): number {
    const member = this.#members.get(peer)
    if (member === undefined) return 0
    const { members, readers } = member.room
    return member.seedsOnly ? members.size - readers + 1 : members.size
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
    this.#vacate(member)
    return Array.from(member.introduced, (other): Delivery => {
      other.introduced.delete(member)
      return { to: other.peer, message: { type: 'left', peer } }
    })
  }

  #introduce(member: Member, count: number): Delivery[] {
    const deliveries: Delivery[] = []
    const isTooSmall = member.room.readers < this.#minPeersPerRoom
    let left = Math.min(count, maxAsked - member.asked)
    if (left <= 0) return deliveries
    for (const other of this.#candidates(member)) {
      if (other === member || member.introduced.has(other)) continue
      // So few readers are not shown to each other; a seed is always on and no reader.
      if ((isTooSmall || member.seedsOnly || other.seedsOnly) && !member.isSeed && !other.isSeed) continue
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

  /** The members of the room: first of the same network, then of the same country, then all, now and then any. */
  *#candidates({ room, near }: Member): Generator<Member, void> {
    const anywhere = shuffled(room.members.items, this.#random)
    for (const group of near.values()) {
      for (const other of shuffled(group.items, this.#random)) {
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

  #vacate(member: Member): void {
    const { room, near, isSeed } = member
    if (!isSeed) room.readers--
    room.members.delete(member)
    for (const [place, group] of near) {
      group.delete(member)
      if (group.size === 0) room.places.delete(place)
    }
    if (room.members.size === 0) this.#rooms.delete(room.swarm)
  }
}

function placesOf({ network, country }: Whereabouts): readonly string[] {
  return [
    network === undefined ? [] : `network ${network}`,
    country === undefined ? [] : `country ${country}`,
  ].flat()
}

function groupAt({ places }: Room, place: string): Group<Member> {
  const group = places.get(place) ?? new Group<Member>()
  places.set(place, group)
  return group
}

function introductionOf({ peer, isSeed }: Member, role: 'offer' | 'answer'): TrackerServerMessage {
  return { type: 'introduce', peer, role, ...(isSeed ? { seed: true } : {}) }
}

function knowsReader({ introduced }: Member): boolean {
  for (const other of introduced) if (!other.isSeed) return true
  return false
}
