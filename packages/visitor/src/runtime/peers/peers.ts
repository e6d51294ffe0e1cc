import {
  decodePeerMessage,
  encodePeerMessage,
  isSignal,
  type PeerId,
  type PeerMessage,
  type Signal,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { type IceSettings, PeerConnection, type PeerConnectionOptions } from './peer-connection.ts'

/** Whom {@link Peers} tells. */
export interface PeersOptions {
  readonly onSignal: (to: PeerId, signal: Signal) => void
  readonly onJoined: (peer: PeerId) => void
  readonly onLeft: (peer: PeerId) => void
  readonly onMessage: (peer: PeerId, message: PeerMessage) => void
}

type Introduction = Extract<TrackerServerMessage, { type: 'introduce' }>

/** The connections of this page, by the id each peer has at the tracker. */
export class Peers {
  ice: IceSettings = { iceServers: [] }
  readonly #options: PeersOptions
  #max = 0
  readonly #connections = new Map<PeerId, PeerConnection>()
  readonly #open = new Set<PeerId>()
  /** Peers that the tracker called seeds; kept when they are gone, as their chunks may be delivered later. */
  readonly #seeds = new Set<PeerId>()

  constructor(options: PeersOptions) {
    this.#options = options
  }

  /** Open connections. */
  get count(): number {
    return this.#open.size
  }

  /** How many more connections there may be. */
  get room(): number {
    return this.#max - this.#connections.size
  }

  /** From now on there are no more connections than this, opening ones included; the latest above it are closed. */
  limit(max: number): void {
    this.#max = max
    for (const peer of [...this.#connections.keys()].slice(max)) this.drop(peer)
  }

  /** Begins, or waits for the other to begin, a connection to a peer the tracker introduced. */
  introduce({ peer, role, seed }: Introduction): void {
    if (this.room <= 0 || this.#connections.has(peer)) return
    if (seed) this.#seeds.add(peer)
    const connection = connectionOrNone({
      ice: this.ice,
      role,
      onSignal: (signal) => (isSignal(signal) ? this.#options.onSignal(peer, signal) : this.drop(peer)),
      onOpen: () => {
        this.#open.add(peer)
        this.#options.onJoined(peer)
      },
      onMessage: (bytes) => this.#receive(peer, bytes),
      onClosed: () => this.#forget(peer),
    })
    if (connection) this.#connections.set(peer, connection)
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

  /** Sends messages in order at the channel's pace; resolves to whether the peer is still there then. */
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
    try {
      this.#options.onMessage(peer, decodePeerMessage(bytes))
    } catch {
      // It does not speak the protocol: nothing it says later can be trusted either.
      this.drop(peer)
    }
  }

  #forget(peer: PeerId): void {
    this.#connections.delete(peer)
    if (this.#open.delete(peer)) this.#options.onLeft(peer)
  }
}

/** undefined where the browser refuses one: it has too many, its owner forbade them, or a server's URL is none. */
function connectionOrNone(options: PeerConnectionOptions): PeerConnection | undefined {
  try {
    return new PeerConnection(options)
  } catch {
    return undefined
  }
}

function* encoded(messages: Iterable<PeerMessage>): Generator<Uint8Array<ArrayBuffer>> {
  for (const message of messages) yield encodePeerMessage(message)
}
