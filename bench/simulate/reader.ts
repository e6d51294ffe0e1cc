import { Engine } from '@peerpress/swarm'
import type { EngineInput, EngineOutput } from '@peerpress/swarm'
import type { PeerId, PeerMessage } from '@peerpress/wire'
import { type Network, Node } from './node.ts'

/** Connections of one reader at most, as the engine has it. */
const maxLinks = 12

/** A shell around the engine that ships; hashing is a look at the first byte. */
export class Reader extends Node {
  readonly arrivedAt: number
  readonly freeRider: boolean
  /** When it had everything, ms. */
  finishedAt = Infinity
  failed = false
  uploaded = 0
  /** Bytes received that were of use. */
  received = 0
  readonly #network: Network
  readonly #engine: Engine
  #arrived = 0
  #timer = 0

  constructor(
    network: Network,
    id: PeerId,
    {
      blocked,
      freeRider,
      up,
    }: { readonly blocked: boolean; readonly freeRider: boolean; readonly up: number },
  ) {
    super(network, id, blocked, up)
    this.#network = network
    this.freeRider = freeRider
    this.arrivedAt = network.queue.now
    const options = { manifestVersion: 1, ...network.scenario.engine }
    this.#engine = new Engine(options, network.random)
  }

  get room(): number {
    return this.gone ? 0 : maxLinks - this.links.size
  }

  /** Bytes that came in, of use or not. */
  get arrived(): number {
    return this.#arrived
  }

  start(): void {
    const { asset, scenario } = this.#network
    const deadline = this.arrivedAt + scenario.deadline
    this.#tell({ type: 'asset', asset })
    this.#tell({
      type: 'demand',
      demand: 1,
      asset: asset.id,
      first: 0,
      last: scenario.chunks - 1,
      deadline,
      order: 'any',
    })
  }

  hearSize(peers: number): void {
    this.#tell({ type: 'swarm-size', peers })
  }

  joined(peer: PeerId): void {
    this.#tell({ type: 'peer-joined', peer })
  }

  left(peer: PeerId): void {
    this.#tell({ type: 'peer-left', peer })
  }

  hear(peer: PeerId, message: PeerMessage): void {
    if (message.type === 'frame') this.#arrived += this.#network.scenario.chunkSize
    this.#tell({ type: 'peer-message', peer, message })
  }

  /** A chunk of a response of the origin came in. */
  fetched(index: number): void {
    if (this.gone) return
    const { asset } = this.#network
    const { payload } = this.#network.frame(index, 'right')
    this.#arrived += this.#network.scenario.chunkSize
    this.#tell({ type: 'fetched', asset: asset.id, index, bytes: payload.slice() })
  }

  #tell(input: EngineInput): void {
    if (this.gone) return
    const { queue } = this.#network
    this.#engine.handle(input, queue.now)
    // What an output causes here comes by an event, after the engine is drained, but for verdicts.
    const verdicts: EngineInput[] = []
    for (let output = this.#engine.poll(); output !== undefined; output = this.#engine.poll()) {
      this.#execute(output, verdicts)
    }
    for (const verdict of verdicts) this.#tell(verdict)
  }

  #execute(output: EngineOutput, verdicts: EngineInput[]): void {
    const network = this.#network
    const { queue } = network
    switch (output.type) {
      case 'send':
        if (!this.freeRider || (output.message.type !== 'have' && output.message.type !== 'bitfield')) {
          this.say(output.peer, output.message)
        } else if (output.message.type === 'bitfield') {
          this.say(output.peer, { ...output.message, bits: new Uint8Array(output.message.bits.length) })
        }
        return
      case 'send-chunk': {
        const { peer, asset, index } = output
        this.sendChunk(peer, network.frame(index, 'right'), () => {
          this.uploaded += network.scenario.chunkSize
          this.#tell({ type: 'chunk-sent', peer, asset, index })
        })
        return
      }
      case 'drop': {
        const { peer } = output
        queue.after(0, () => network.disconnect(this, peer))
        return
      }
      case 'connect':
        queue.after(0, () => network.introduce(this, output.peers))
        return
      case 'fetch':
        network.origin.fetch(this, output.first, output.last)
        return
      case 'verify':
        verdicts.push({
          type: 'verified',
          verification: output.verification,
          valid: network.isRight(output.bytes),
        })
        return
      case 'store':
        this.received += network.scenario.chunkSize
        if (this.received === network.size) {
          this.finishedAt = queue.now
          network.settle()
        }
        return
      case 'demand-failed':
        this.failed = true
        network.settle()
        return
      case 'set-timer': {
        const timer = ++this.#timer
        if (output.at === Infinity) return
        queue.at(output.at, () => {
          if (timer === this.#timer) this.#tell({ type: 'timer' })
        })
        return
      }
      case 'deliver':
      case 'cancel-fetch':
      case 'report':
    }
  }
}
