import type { PeerId, PeerMessage } from '@peerpress/wire'
import type { Simulation } from './simulation.ts'
import { SharedLink } from './shared-link.ts'

/** Someone on the network: a reader or a polluter. */
export abstract class Node {
  readonly id: PeerId
  /** Behind a NAT. */
  readonly blocked: boolean
  readonly links = new Map<PeerId, Node>()
  gone = false
  readonly #simulation: Simulation
  readonly #up: SharedLink
  /** When the downlink has carried what it was sent so far, ms. */
  #downFree = 0

  constructor(simulation: Simulation, id: PeerId, blocked: boolean, up = simulation.scenario.up) {
    this.id = id
    this.blocked = blocked
    this.#simulation = simulation
    this.#up = new SharedLink(simulation.queue, up)
  }

  /** Connections it can take. */
  abstract get room(): number
  abstract joined(peer: PeerId): void
  abstract left(peer: PeerId): void
  abstract hear(peer: PeerId, message: PeerMessage): void

  say(to: PeerId, message: PeerMessage): void {
    const { queue, scenario } = this.#simulation
    queue.after(scenario.delay, () => this.#reach(to, message))
  }

  /** Sends a chunk; `left` is called when it has left the uplink. */
  sendChunk(to: PeerId, message: PeerMessage & { readonly type: 'frame' }, left: () => void): void {
    const { queue, scenario } = this.#simulation
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
    const { down } = this.#simulation.scenario
    this.#downFree = Math.max(ended, Math.max(this.#downFree, begun) + bytes / down)
    return this.#downFree
  }

  #reach(to: PeerId, message: PeerMessage): void {
    const other = this.links.get(to)
    if (other !== undefined && other.links.get(this.id) === this) other.hear(this.id, message)
  }
}
