import { EventQueue, seededRandom } from '@peerpress/swarm/simulation'
import { type Asset, type AssetId, chunkSizeFor, type PeerId } from '@peerpress/wire'
import { arrivalTimes } from '../arrivals.ts'
import { Introductions } from '../introductions.ts'
import { BrowserReader } from './browser-reader.ts'
import { FairNetwork, type Link } from './fair-network.ts'
import { NodeReader } from './node-reader.ts'
import type { PostReader } from './post-reader.ts'
import type { PostScenario } from './post-scenario.ts'
import type { Participant, World } from './world.ts'

/** Introductions at joining, as the tracker makes them. */
const introductions = 6
/** ms of simulated time after which what is not done never will be. */
const end = 3600_000

/**
 * Readers of one post: the engine that ships, both shells' rules, one ordered queue for each side of a data channel, and
 * links that are shared max-min fairly. The same scenario gives the same run.
 */
export class PostSimulation implements World {
  readonly scenario: PostScenario
  readonly queue = new EventQueue()
  readonly network: FairNetwork
  readonly origin: Link
  readonly random: () => number
  readonly assets: readonly Asset[]
  readonly arrivals: readonly number[]
  readonly readers: PostReader[] = []
  /** Media bytes and others that the origin sent, headers aside. */
  originSent = 0
  readonly #tracker: Introductions<Participant>
  readonly #noBytes = new Uint8Array(1024 * 1024)
  #demands = 0
  #settled = 0

  constructor(scenario: PostScenario) {
    this.scenario = scenario
    this.random = seededRandom(scenario.seed)
    this.network = new FairNetwork(this.queue)
    this.origin = { rate: scenario.originUp }
    this.#tracker = new Introductions(this.random)
    this.arrivals = arrivalTimes(
      { kind: 'uniform', within: scenario.within },
      scenario.readers.length,
      seededRandom(scenario.seed),
    )
    this.assets = scenario.assets.map((size, place) => ({
      id: place.toString(16).padStart(64, '0'),
      url: `https://site.test/${place}`,
      type: 'image/jpeg',
      size,
      chunkSize: chunkSizeFor(size),
      hashes: new Uint8Array(0),
    }))
  }

  run(): this {
    for (const at of this.arrivals) this.queue.at(at, () => this.#arrive())
    this.queue.run({ end, maxEvents: Infinity, isDone: () => this.#settled === this.arrivals.length })
    return this
  }

  /** From each reader's arrival until it had everything, ms. */
  get times(): number[] {
    return this.readers.map(({ arrivedAt, finishedAt }) => finishedAt - arrivedAt)
  }

  asset(id: AssetId): Asset {
    return this.assets[parseInt(id, 16)] as Asset
  }

  /** So many bytes; all have the same value. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    return this.#noBytes.subarray(0, length)
  }

  nextDemand(): number {
    return ++this.#demands
  }

  settle(): void {
    this.#settled++
  }

  join(reader: Participant): void {
    this.#tracker.join(reader)
    reader.resize(this.#tracker.size)
    this.introduce(reader, introductions)
  }

  introduce(reader: Participant, count: number): void {
    const { delay, connect } = this.scenario
    const { size } = this.#tracker
    reader.resize(size)
    for (const other of this.#tracker.want(reader, count)) {
      other.resize(size)
      this.queue.after(2 * delay + connect, () => this.#connect(reader, other))
    }
  }

  disconnect(reader: Participant, peer: PeerId): void {
    const channel = reader.channels.get(peer)
    if (channel === undefined) return
    const { other } = channel
    channel.out.close()
    other.channels.get(reader.id)?.out.close()
    reader.channels.delete(peer)
    reader.left(peer)
    this.queue.after(this.scenario.delay, () => {
      if (other.channels.delete(reader.id)) other.left(reader.id)
    })
  }

  #connect(one: Participant, other: Participant): void {
    if (one.room <= 0 || other.room <= 0 || one.channels.has(other.id)) return
    one.channels.set(other.id, { other, out: this.network.open([one.up, other.down]), sending: [] })
    other.channels.set(one.id, { other: one, out: this.network.open([other.up, one.down]), sending: [] })
    one.joined(other.id)
    if (one.channels.has(other.id)) other.joined(one.id)
  }

  #arrive(): void {
    const place = this.readers.length
    const id = (place + 1).toString(16).padStart(32, '0')
    const reader =
      this.scenario.readers[place] === 'browser' ? new BrowserReader(this, id) : new NodeReader(this, id)
    this.readers.push(reader)
    reader.begin()
  }
}
