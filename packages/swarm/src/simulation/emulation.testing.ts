import type { AssetId, PeerId } from '@peerpress/wire'
import type { DemandId } from '../contract.ts'
import type { EngineOptions } from '../engine-options.ts'

/** The behaviour of a node. All nodes run a real engine; the bad ones tamper with its messages. */
export type Behaviour =
  | 'honest'
  /** Serves wrong bytes. */
  | 'liar'
  /** Serves wrong bytes with a forged signature of another peer. */
  | 'forger'
  /** Accepts requests and never responds. */
  | 'silent'
  /** Stops in the middle of every chunk. */
  | 'stops-midway'
  /** Sends a few bytes at a time, far too slowly. */
  | 'drips'
  /** Never sends any message. */
  | 'mute'
  /** Claims to hold every chunk. */
  | 'boaster'
  /** Sends invalid bytes or forbidden messages. */
  | 'garbage'

export interface NodeOptions {
  readonly id: PeerId
  readonly behaviour: Behaviour
  /** One-way latency to the middle of the network, ms. */
  readonly latency: number
  /** bytes per ms */
  readonly uplink: number
  /** Frame payload, bytes. */
  readonly frameSize: number
  readonly engine: EngineOptions
}

/** One connection between two nodes. */
export interface Link {
  readonly number: number
}

/** The result of a demand. */
export interface Outcome {
  readonly node: PeerId
  readonly demand: DemandId
  readonly asset: AssetId
  readonly first: number
  readonly last: number
  state: 'waiting' | 'delivered' | 'failed' | 'ended'
  /** Time at which it was delivered or failed, ms. */
  at: number
}
