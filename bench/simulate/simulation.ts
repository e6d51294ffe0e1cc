import type { Asset, PeerId, PeerMessage } from '@peerpress/wire'
import { arrivalTimes } from './arrivals.ts'
import { EventQueue } from '@peerpress/swarm/simulation'
import { Introductions } from './introductions.ts'
import type { Network, Node } from './node.ts'
import { Origin } from './origin.ts'
import type { Played } from './played.ts'
import { Polluter } from './polluter.ts'
import { seededRandom } from '@peerpress/swarm/simulation'
import { exponential } from './exponential.ts'
import { Reader } from './reader.ts'
import type { Scenario } from './scenario.ts'

/** Introductions at joining, and connections to ask for right after it, as in tracker and visitor. */
const introductions = 6
const wanted = 12

/** ms of simulated time after which what is not done never will be. */
const end = 24 * 3600_000

/** A network of readers around one asset, played once. The same scenario gives the same run. */
export class Simulation implements Network, Played {
  readonly queue = new EventQueue()
  readonly random: () => number
  readonly scenario: Scenario
  readonly asset: Asset
  readonly origin: Origin
  readonly readers: Reader[] = []
  readonly arrivals: readonly number[]
  readonly #nodes = new Map<PeerId, Node>()
  readonly #tracker: Introductions<Node>
  readonly #right: Uint8Array<ArrayBuffer>
  readonly #wrong: Uint8Array<ArrayBuffer>
  #settled = 0

  constructor(scenario: Scenario) {
    const { seed, readers, chunks, chunkSize, arrival } = scenario
    this.scenario = scenario
    this.random = seededRandom(seed)
    this.arrivals = arrivalTimes(arrival, readers, this.random)
    this.origin = new Origin(this.queue, scenario)
    this.#tracker = new Introductions(this.random)
    this.#right = new Uint8Array(chunkSize)
    this.#wrong = new Uint8Array(chunkSize).fill(1)
    this.asset = {
      id: 'a'.repeat(64),
      url: 'https://site.test/film.mp4',
      type: 'video/mp4',
      size: chunks * chunkSize,
      chunkSize,
      hashes: new Uint8Array(0),
    }
  }

  run(): this {
    this.#addPolluters()
    for (const at of this.arrivals) this.queue.at(at, () => this.#arrive())
    this.queue.run({ end, maxEvents: Infinity, isDone: () => this.#settled >= this.arrivals.length })
    return this
  }

  get size(): number {
    return this.scenario.chunks * this.scenario.chunkSize
  }

  get originSent(): number {
    return this.origin.sent
  }

  get events(): number {
    return this.queue.count
  }

  /** A whole chunk in one frame. All chunks have the same bytes: right ones or wrong ones. */
  frame(index: number, bytes: 'right' | 'wrong'): PeerMessage & { readonly type: 'frame' } {
    const payload = bytes === 'right' ? this.#right : this.#wrong
    return { type: 'frame', asset: this.asset.id, index, offset: 0, length: payload.length, payload }
  }

  isRight(bytes: Uint8Array): boolean {
    return bytes[0] === this.#right[0]
  }

  /** One reader's download has ended, well or not. */
  settle(): void {
    this.#settled++
  }

  /** The tracker introduces a node to others; those that can connect do. */
  introduce(node: Node, count: number): void {
    const { delay, connect } = this.scenario
    const { size } = this.#tracker
    if (node instanceof Reader) node.hearSize(size)
    for (const other of this.#tracker.want(node, Math.min(count, wanted))) {
      if (other instanceof Reader) other.hearSize(size)
      this.queue.after(2 * delay + connect, () => this.#connect(node, other))
    }
  }

  /** Closes a connection; the far side hears of it a little later. */
  disconnect(node: Node, peer: PeerId): void {
    const other = node.links.get(peer)
    if (other === undefined) return
    node.links.delete(peer)
    node.left(peer)
    this.queue.after(this.scenario.delay, () => {
      if (other.links.get(node.id) !== node) return
      other.links.delete(node.id)
      other.left(node.id)
    })
  }

  #connect(a: Node, b: Node): void {
    if (a.gone || b.gone || a.room <= 0 || b.room <= 0 || (a.blocked && b.blocked)) return
    if (a.links.has(b.id) || b.links.has(a.id)) return
    a.links.set(b.id, b)
    b.links.set(a.id, a)
    a.joined(b.id)
    if (a.links.has(b.id)) b.joined(a.id)
  }

  #addPolluters(): void {
    const { polluters, readers, blocked } = this.scenario
    const count = Math.round((readers * polluters) / (1 - polluters))
    for (let i = 0; i < count; i++) {
      this.#add(new Polluter(this, this.#nextId(), this.random() < blocked))
    }
  }

  #arrive(): void {
    const { blocked, freeRiders, slowUp, up, stay, patience } = this.scenario
    const isSlow = this.readers.length % 2 === 0
    const reader = new Reader(this, this.#nextId(), {
      blocked: this.random() < blocked,
      freeRider: this.random() < freeRiders,
      up: up * (isSlow ? slowUp : 2 - slowUp),
    })
    this.readers.push(reader)
    this.#add(reader)
    this.introduce(reader, introductions)
    reader.start()
    if (stay < Infinity) this.queue.after(exponential(this.random, stay), () => this.#leave(reader))
    if (patience < Infinity) {
      this.queue.after(patience, () => {
        if (reader.finishedAt === Infinity) this.#leave(reader)
      })
    }
  }

  #leave(reader: Reader): void {
    if (reader.gone) return
    this.#tracker.leave(reader)
    for (const peer of reader.links.keys()) this.disconnect(reader, peer)
    reader.gone = true
    if (reader.finishedAt === Infinity && !reader.failed) this.settle()
  }

  #add(node: Node): void {
    this.#nodes.set(node.id, node)
    this.#tracker.join(node)
  }

  #nextId(): PeerId {
    return (this.#nodes.size + 1).toString(16).padStart(32, '0')
  }
}
