import {
  decodePeerMessage,
  encodePeerMessage,
  isSignal,
  type PeerId,
  type PeerMessage,
  type Signal,
  type TrackerServerMessage,
} from '@peerpress/wire'
import type { Clock } from '../platform.ts'
import type { IceSettings, OpenChannel } from './channel.ts'
import { PeerConnection } from './peer-connection.ts'

/** What {@link Peers} needs, and where it reports. */
export interface PeersOptions {
  readonly openChannel: OpenChannel
  readonly setTimer: Clock['setTimer']
  readonly onSignal: (to: PeerId, signal: Signal) => void
  readonly onJoined: (peer: PeerId) => void
  readonly onLeft: (peer: PeerId) => void
  readonly onMessage: (peer: PeerId, message: PeerMessage) => void
  /** Called when a peer sent something that is not a message of the protocol. */
  readonly onGarbage: (peer: PeerId) => void
  /** A connection could not be begun. */
  readonly onProblem?: (problem: unknown) => void
}

/** The connections to other peers, by the id that each peer has at the tracker. */
export class Peers {
  ice: IceSettings = { iceServers: [] }
  readonly #options: PeersOptions
  #max = 0
  readonly #connections = new Map<PeerId, PeerConnection>()
  readonly #open = new Set<PeerId>()
  /** Peers that the tracker named as seeds. They stay after they left, because their chunks may be delivered later. */
  readonly #seeds = new Set<PeerId>()

  constructor(options: PeersOptions) {
    this.#options = options
  }

  /** Number of open connections. */
  get count(): number {
    return this.#open.size
  }

  /** How many more connections are allowed. */
  get room(): number {
    return this.#max - this.#connections.size
  }

  /** Sets the maximum of connections, opening ones included. The latest above it are closed. */
  limit(max: number): void {
    this.#max = max
    for (const peer of [...this.#connections.keys()].slice(max)) this.drop(peer)
  }

  /** Begins, or waits for the other side to begin, a connection to a peer that the tracker introduced. */
  introduce({ peer, role, seed }: Extract<TrackerServerMessage, { type: 'introduce' }>): void {
    if (this.room <= 0 || this.#connections.has(peer)) return
    if (seed) this.#seeds.add(peer)
    try {
      const connection = new PeerConnection({
        ...this.#options,
        ice: this.ice,
        role,
        // A signal that the tracker refuses would end the line to it, for all peers.
        onSignal: (signal) => (isSignal(signal) ? this.#options.onSignal(peer, signal) : this.drop(peer)),
        onOpen: () => {
          this.#open.add(peer)
          this.#options.onJoined(peer)
        },
        onMessage: (bytes) => this.#receive(peer, bytes),
        onClosed: () => this.#forget(peer),
      })
      this.#connections.set(peer, connection)
    } catch (problem) {
      // Too many connections, forbidden ones, or a server whose URL is invalid: the tracker introduces other peers.
      this.#options.onProblem?.(problem)
    }
  }

  isSeed(peer: PeerId): boolean {
    return this.#seeds.has(peer)
  }

  signal(peer: PeerId, signal: Signal): void {
    this.#connections.get(peer)?.accept(signal)
  }

  send(peer: PeerId, message: PeerMessage): void {
    this.#connections.get(peer)?.send(encodePeerMessage(message))
  }

  /** Sends messages in order at the channel's pace. Resolves to whether the peer is still connected then. */
  async sendAll(peer: PeerId, messages: Iterable<PeerMessage>): Promise<boolean> {
    const connection = this.#connections.get(peer)
    if (!connection) return false
    await connection.sendAll(encoded(messages))
    return this.#open.has(peer) && this.#connections.get(peer) === connection
  }

  drop(peer: PeerId): void {
    this.#connections.get(peer)?.close()
    this.#forget(peer)
  }

  dropAll(): void {
    for (const peer of this.#connections.keys()) this.drop(peer)
  }

  #receive(peer: PeerId, bytes: Uint8Array<ArrayBuffer>): void {
    let message: PeerMessage
    try {
      message = decodePeerMessage(bytes)
    } catch {
      this.#options.onGarbage(peer)
      return
    }
    this.#options.onMessage(peer, message)
  }

  #forget(peer: PeerId): void {
    this.#connections.delete(peer)
    if (this.#open.delete(peer)) this.#options.onLeft(peer)
  }
}

function* encoded(messages: Iterable<PeerMessage>): Generator<Uint8Array<ArrayBuffer>> {
  for (const message of messages) yield encodePeerMessage(message)
}
