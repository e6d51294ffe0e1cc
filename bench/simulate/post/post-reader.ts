import { type Effects, Engine, EngineDriver } from '@peerpress/swarm'
import {
  type Asset,
  type AssetId,
  chunkCount,
  chunkLength,
  type PeerId,
  type PeerMessage,
} from '@peerpress/wire'
import type { Link } from './fair-network.ts'
import { type Exchange, HttpClient } from './http-client.ts'
import type { Channel, Participant, World } from './world.ts'

/** Bytes of a message without a chunk's bytes, headers of all layers included. */
const messageBytes = 120
/** Frames wait while more than this is in the channel's buffer, bytes. */
const highWater = 1024 * 1024
/** Connections of a reader at most. */
const maxLinks = 12

/** A reader: the engine that ships, its links, and its requests to the origin. The shell decides what is wanted when. */
export abstract class PostReader implements Participant {
  readonly id: PeerId
  readonly arrivedAt: number
  readonly channels = new Map<PeerId, Channel>()
  readonly up: Link
  readonly down: Link
  /** When it had every asset, ms. */
  finishedAt = Infinity
  protected readonly simulation: World
  protected readonly http: HttpClient
  readonly #driver: EngineDriver
  readonly #fetches = new Map<string, Exchange>()
  #timer = 0
  #hasJoined = false

  constructor(simulation: World, id: PeerId, stallMs?: number) {
    const { scenario, queue, network, origin } = simulation
    this.simulation = simulation
    this.id = id
    this.arrivedAt = queue.now
    this.up = { rate: scenario.up }
    this.down = { rate: scenario.down }
    this.http = new HttpClient({ queue, network }, [origin, this.down], {
      delay: scenario.delay,
      goodput: scenario.goodput.http,
      onSent: (bytes) => (simulation.originSent += bytes),
    })
    const options = { manifestVersion: 1, ...(stallMs !== undefined && { stallMs }), ...scenario.engine }
    this.#driver = new EngineDriver(new Engine(options, simulation.random), this.#effects(), () => queue.now)
  }

  /** The reader has come to the page. */
  abstract begin(): void
  /** The tracker has told the swarm's size. */
  protected abstract sized(peers: number): void
  /** The engine delivered a chunk of a demand. */
  protected abstract delivered(demand: number): void
  /** The engine gave a demand up. */
  protected abstract failed(demand: number): void

  get room(): number {
    return maxLinks - this.channels.size
  }

  get hasJoined(): boolean {
    return this.#hasJoined
  }

  /** Takes part in the swarm from now on. */
  protected join(): void {
    this.#hasJoined = true
    for (const asset of this.simulation.assets) this.handle({ type: 'asset', asset })
    this.simulation.join(this)
  }

  protected handle: EngineDriver['handle'] = (input) => this.#driver.handle(input)

  resize(peers: number): void {
    this.handle({ type: 'swarm-size', peers })
    this.sized(peers)
  }

  joined(peer: PeerId): void {
    this.handle({ type: 'peer-joined', peer })
  }

  left(peer: PeerId): void {
    this.handle({ type: 'peer-left', peer })
  }

  receive(peer: PeerId, message: PeerMessage): void {
    this.handle({ type: 'peer-message', peer, message })
  }

  /** The bytes of an asset's chunks came without the engine's doing. */
  protected offer(asset: Asset, index: number, source: 'origin' | 'local'): void {
    if (!this.#hasJoined) return
    const bytes = this.simulation.bytes(chunkLength(asset, index))
    this.handle({ type: 'chunk', asset: asset.id, index, bytes, source })
  }

  protected finish(): void {
    if (this.finishedAt < Infinity) return
    this.finishedAt = this.simulation.queue.now
    this.simulation.settle()
  }

  #effects(): Effects {
    const { simulation } = this
    const { queue } = simulation
    return {
      send: ({ peer, message }) => this.#send(peer, message, messageBytes),
      'send-chunk': ({ peer, asset, index }) => this.#sendChunk(peer, asset, index),
      drop: ({ peer }) => queue.after(0, () => simulation.disconnect(this, peer)),
      connect: ({ peers }) => queue.after(0, () => simulation.introduce(this, Math.min(peers, this.room))),
      fetch: ({ asset, first, last }) => this.#fetch(simulation.asset(asset), first, last),
      'cancel-fetch': ({ asset, index }) => this.#fetches.get(asset + index)?.abort(),
      verify: ({ verification }) => this.handle({ type: 'verified', verification, valid: true }),
      store: () => {},
      deliver: ({ demand }) => this.delivered(demand),
      'demand-failed': ({ demand }) => this.failed(demand),
      'set-timer': ({ at }) => {
        const timer = ++this.#timer
        if (at === Infinity) return
        queue.at(Math.ceil(at), () => {
          if (timer === this.#timer) this.handle({ type: 'timer' })
        })
      },
      accuse: () => {},
      'send-receipt': () => {},
      claim: () => {},
      report: () => {},
    }
  }

  #send(peer: PeerId, message: PeerMessage, bytes: number): void {
    const channel = this.channels.get(peer)
    if (channel === undefined) return
    const { queue, scenario } = this.simulation
    channel.out.send(bytes / scenario.goodput.peer, () => {
      queue.after(scenario.delay, () => {
        if (channel.other.channels.get(this.id)?.other === this) channel.other.receive(this.id, message)
      })
    })
  }

  #sendChunk(peer: PeerId, asset: AssetId, index: number): void {
    const channel = this.channels.get(peer)
    if (channel === undefined) return
    const { frameBytes, lowWater } = this.simulation.scenario
    const length = chunkLength(this.simulation.asset(asset), index)
    const next = (): void => {
      channel.sending.shift()
      channel.sending[0]?.()
    }
    const send = (offset: number): void => {
      if (offset >= length) {
        channel.out.whenBelow(lowWater, () => {
          next()
          this.handle({ type: 'chunk-sent', peer, asset, index })
        })
        return
      }
      const payload = this.simulation.bytes(Math.min(frameBytes, length - offset))
      this.#send(peer, { type: 'frame', asset, index, offset, length, payload }, payload.length)
      if (channel.out.buffered > highWater) channel.out.whenBelow(lowWater, () => send(offset + frameBytes))
      else send(offset + frameBytes)
    }
    channel.sending.push(() => send(0))
    if (channel.sending.length === 1) channel.sending[0]?.()
  }

  #fetch(asset: Asset, first: number, last: number): void {
    const sizes = Array.from({ length: last - first + 1 }, (_, place) => chunkLength(asset, first + place))
    const exchange = this.http.get(sizes, (place) => {
      const index = first + place
      const bytes = this.simulation.bytes(chunkLength(asset, index))
      this.handle({ type: 'fetched', asset: asset.id, index, bytes })
    })
    this.#fetches.set(asset.id + first, exchange)
  }

  /** Sizes of all chunks of an asset. */
  protected sizesOf(asset: Asset): number[] {
    return Array.from({ length: chunkCount(asset) }, (_, index) => chunkLength(asset, index))
  }
}
