import { randomBytes } from 'node:crypto'
import { encodeHex, encodeTrackerMessage, type IceServer, type PeerId, type Signal } from '@peerpress/wire'
import type { EventCounts } from './event-counts.ts'
import type { Delivery, Newcomer, Rooms } from './rooms.ts'
import type { Admission } from './tickets.ts'

/** The way to one peer. */
export interface Line {
  /** Sends a text message, or gives the line up when the peer does not read. */
  send(text: string): void
}

/** Connects the rooms with the lines of the peers in them. */
export class Lobby {
  readonly #rooms: Rooms
  readonly #counts: EventCounts
  readonly #iceServers: IceServer[]
  readonly #lines = new Map<PeerId, Line>()
  #closing = false

  constructor(rooms: Rooms, counts: EventCounts, iceServers: readonly IceServer[]) {
    this.#rooms = rooms
    this.#counts = counts
    this.#iceServers = [...iceServers]
  }

  /** Welcomes a peer, introduces it and returns its new id; null when the room is full. */
  join({ swarm, ...about }: Admission & Newcomer, line: Line): PeerId | null {
    const peer = encodeHex(randomBytes(16))
    const introductions = this.#rooms.join(swarm, peer, about)
    if (introductions === null) return null
    this.#lines.set(peer, line)
    this.#counts.add('joined')
    this.#deliver([{ to: peer, message: { type: 'welcome', peer, iceServers: this.#iceServers } }])
    this.#tellSize(peer)
    this.#introduce(introductions)
    return peer
  }

  want(peer: PeerId, count: number): void {
    this.#tellSize(peer)
    this.#introduce(this.#rooms.want(peer, count))
  }

  /** Passes a signal on. One to a peer that was not introduced, or has just left, is dropped. */
  signal(from: PeerId, to: PeerId, signal: Signal): void {
    const delivery = this.#rooms.signal(from, to, signal)
    this.#counts.add(delivery === null ? 'not-introduced' : 'relayed')
    if (delivery !== null) this.#deliver([delivery])
  }

  leave(peer: PeerId): void {
    this.#lines.delete(peer)
    const farewells = this.#rooms.leave(peer)
    if (!this.#closing) this.#deliver(farewells)
  }

  /**
   * From now on nobody hears `left`: readers that leave because the tracker ends keep the connections they have
   * with each other.
   */
  close(): void {
    this.#closing = true
  }

  #tellSize(peer: PeerId): void {
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
