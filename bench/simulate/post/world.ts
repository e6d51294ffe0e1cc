import type { EventQueue } from '@peerpress/swarm/simulation'
import type { Asset, AssetId, PeerId, PeerMessage } from '@peerpress/wire'
import type { FairNetwork, Flow, Link } from './fair-network.ts'
import type { PostScenario } from './post-scenario.ts'

/** One side of a data channel. */
export interface Channel {
  readonly other: Participant
  readonly out: Flow
  /** Chunks are put into the channel one after the other. */
  sending: (() => void)[]
}

/** A reader, as the tracker and other readers see it. */
export interface Participant {
  readonly id: PeerId
  readonly up: Link
  readonly down: Link
  readonly channels: Map<PeerId, Channel>
  /** Connections it can still take. */
  readonly room: number
  resize(peers: number): void
  joined(peer: PeerId): void
  left(peer: PeerId): void
  receive(peer: PeerId, message: PeerMessage): void
}

/** Everything around the readers of a simulated post. */
export interface World {
  readonly scenario: PostScenario
  readonly queue: EventQueue
  readonly network: FairNetwork
  readonly origin: Link
  readonly random: () => number
  readonly assets: readonly Asset[]
  /** Bytes that the origin sent, headers aside. */
  originSent: number
  asset(id: AssetId): Asset
  /** Returns so many bytes; all have the same value. */
  bytes(length: number): Uint8Array<ArrayBuffer>
  nextDemand(): number
  /** One reader has everything. */
  settle(): void
  join(reader: Participant): void
  introduce(reader: Participant, count: number): void
  disconnect(reader: Participant, peer: PeerId): void
}
