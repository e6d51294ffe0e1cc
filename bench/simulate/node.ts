import type { EventQueue } from '@peerpress/swarm/simulation'
import type { Asset, PeerId, PeerMessage } from '@peerpress/wire'
import type { Origin } from './origin.ts'
import type { Scenario } from './scenario.ts'
import { SharedLink } from './shared-link.ts'

/** The simulated network, as its nodes use it. */
export interface Network {
  readonly queue: EventQueue
  readonly random: () => number
  readonly scenario: Scenario
  readonly asset: Asset
  readonly origin: Origin
  /** Size of the asset, bytes. */
  readonly size: number
  /** Returns a whole chunk in one frame. */
  frame(index: number, bytes: 'right' | 'wrong'): PeerMessage & { readonly type: 'frame' }
  isRight(bytes: Uint8Array): boolean
  /** Records that a reader has everything, or has failed. */
  settle(): void
  introduce(node: Node, count: number): void
  disconnect(node: Node, peer: PeerId): void
}

/** A reader or a polluter on the network. */
export abstract class Node {
  readonly id: PeerId
  /** Behind a NAT. */
  readonly blocked: boolean
  readonly links = new Map<PeerId, Node>()
  gone = false
  readonly #network: Network
  readonly #up: SharedLink
  /** When the downlink has carried what it was sent so far, ms. */
  #downFree = 0

  constructor(network: Network, id: PeerId, blocked: boolean, up = network.scenario.up) {
    this.id = id
    this.blocked = blocked
    this.#network = network
    this.#up = new SharedLink(network.queue, up)
  }

  /** Connections it can take. */
  abstract get room(): number
  abstract joined(peer: PeerId): void
  abstract left(peer: PeerId): void
  abstract hear(peer: PeerId, message: PeerMessage): void

  say(to: PeerId, message: PeerMessage): void {
    const { queue, scenario } = this.#network
    queue.after(scenario.delay, () => this.#reach(to, message))
  }

  /** Sends a chunk; `left` is called when it has left the uplink. */
  sendChunk(to: PeerId, message: PeerMessage & { readonly type: 'frame' }, left: () => void): void {
    const { queue, scenario } = this.#network
    const other = this.links.get(to)
    if (other === undefined) return
    const begun = queue.now + scenario.delay
    this.#up.send(scenario.chunkSize, () => {
      queue.at(other.receive(scenario.chunkSize, begun, queue.now + scenario.delay), () =>
        this.#reach(to, message),
      )
      left()
    })
  }

  /** When the downlink has carried bytes that arrive at it between `begun` and `ended`. */
  receive(bytes: number, begun: number, ended: number): number {
    const { down } = this.#network.scenario
    this.#downFree = Math.max(ended, Math.max(this.#downFree, begun) + bytes / down)
    return this.#downFree
  }

  #reach(to: PeerId, message: PeerMessage): void {
    const other = this.links.get(to)
    if (other !== undefined && other.links.get(this.id) === this) other.hear(this.id, message)
  }
}
