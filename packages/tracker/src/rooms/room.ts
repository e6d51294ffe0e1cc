import type { PeerId } from '@peerpress/wire'
import type { Location } from '../admission/location.ts'
import { Group } from './group.ts'

/** A reader that may meet only seeds is of kind `seeds-only`. */
export type Kind = 'seed' | 'reader' | 'seeds-only'

/** A peer in a room. */
export interface Member {
  readonly peer: PeerId
  readonly room: Room
  readonly kind: Kind
  /**
   * Where its address counts. A seed has none: it is the operator's machine, which sees its readers' addresses as the
   * server does, and its own address is public.
   */
  readonly location: Location | undefined
  readonly places: Places
  /** The members it was introduced to, each with the budget of signals to it. */
  readonly introduced: Map<Member, number>
  /** Introductions that it has had because it asked. */
  asked: number
  /** Its requests are ignored until then, ms. */
  pausedUntil: number
}

/** The places a member is found at, beside the whole room: members of one place are near each other. */
export interface Places {
  readonly network: string | undefined
  readonly address: string | undefined
  readonly country: string | undefined
}

/** The members of one swarm. */
export interface Room {
  readonly swarm: string
  /** Members by place and kind. A place without members is deleted. So only members that may meet are looked at. */
  readonly places: Map<string, Partial<Record<Kind, Group<Member>>>>
  size: number
  /** Members that are not seeds. */
  readers: number
}

/** The place of all members of a room. */
export const everywhere = ''

/** Makes a room without members. */
export function emptyRoom(swarm: string): Room {
  return { swarm, places: new Map(), size: 0, readers: 0 }
}

/** Adds a member to its room. */
export function enter(member: Member): void {
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

/** Removes a member from its room. */
export function vacate(member: Member): void {
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

/** Returns the members of a kind at a place. */
export function groupOf({ places }: Room, kind: Kind, place: string): readonly Member[] {
  return places.get(place)?.[kind]?.items ?? []
}

/** Returns the places of a peer. Each argument may be unknown. */
export function placesOf(at: {
  readonly network?: string | undefined
  readonly country?: string | undefined
  readonly location?: Location | undefined
}): Places {
  const { network, country, location } = at
  return {
    network: network === undefined ? undefined : `network ${network}`,
    address: location === undefined ? undefined : placeOfAddress(location.address),
    country: country === undefined ? undefined : `country ${country}`,
  }
}

/** Returns the place of all peers with an address. */
export function placeOfAddress(address: number): string {
  return `address ${address}`
}

function listOf({ network, address, country }: Places): readonly string[] {
  return [network, address, country, everywhere].filter((place) => place !== undefined)
}
