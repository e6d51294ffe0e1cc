import { Engine } from '@peerpress/swarm'
import type { EngineInput, EngineOutput } from '@peerpress/swarm'
import type { PeerId, PeerMessage } from '@peerpress/wire'
import { Node } from './node.ts'
import type { Simulation } from './simulation.ts'

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
  readonly #simulation: Simulation
  readonly #engine: Engine
  #arrived = 0
  #timer = 0

  constructor(
    simulation: Simulation,
    id: PeerId,
    {
      blocked,
      freeRider,
      up,
    }: { readonly blocked: boolean; readonly freeRider: boolean; readonly up: number },
  ) {
    super(simulation, id, blocked, up)
    this.#simulation = simulation
    this.freeRider = freeRider
    this.arrivedAt = simulation.queue.now
    const options = { manifestVersion: 1, ...simulation.scenario.engine }
    this.#engine = new Engine(options, simulation.random)
  }

  get room(): number {
    return this.gone ? 0 : maxLinks - this.links.size
  }

  /** Bytes that came in, of use or not. */
  get arrived(): number {
    return this.#arrived
  }

  start(): void {
    const { asset, scenario } = this.#simulation
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
    if (message.type === 'frame') this.#arrived += this.#simulation.scenario.chunkSize
    this.#tell({ type: 'peer-message', peer, message })
  }

  /** A chunk of a response of the origin came in. */
  fetched(index: number): void {
    if (this.gone) return
    const { asset } = this.#simulation
    const { payload } = this.#simulation.frame(index, 'right')
    this.#arrived += this.#simulation.scenario.chunkSize
    this.#tell({ type: 'fetched', asset: asset.id, index, bytes: payload.slice() })
  }

  #tell(input: EngineInput): void {
    if (this.gone) return
    const { queue } = this.#simulation
    this.#engine.handle(input, queue.now)
    // What an output causes here comes by an event, after the engine is drained, but for verdicts.
    const verdicts: EngineInput[] = []
    for (let output = this.#engine.poll(); output !== undefined; output = this.#engine.poll()) {
      this.#execute(output, verdicts)
    }
    for (const verdict of verdicts) this.#tell(verdict)
  }

  #execute(output: EngineOutput, verdicts: EngineInput[]): void {
    const simulation = this.#simulation
    const { queue } = simulation
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
        this.sendChunk(peer, simulation.frame(index, 'right'), () => {
          this.uploaded += simulation.scenario.chunkSize
          this.#tell({ type: 'chunk-sent', peer, asset, index })
        })
        return
      }
      case 'drop': {
        const { peer } = output
        queue.after(0, () => simulation.disconnect(this, peer))
        return
      }
      case 'connect':
        queue.after(0, () => simulation.introduce(this, output.peers))
        return
      case 'fetch':
        simulation.origin.fetch(this, output.first, output.last)
        return
      case 'verify':
        verdicts.push({
          type: 'verified',
          verification: output.verification,
          valid: simulation.isRight(output.bytes),
        })
        return
      case 'store':
        this.received += simulation.scenario.chunkSize
        if (this.received === simulation.size) {
          this.finishedAt = queue.now
          simulation.settle()
        }
        return
      case 'demand-failed':
        this.failed = true
        simulation.settle()
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
