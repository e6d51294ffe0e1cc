import type { Asset, AssetId, ChunkProof, PeerId } from '@peerpress/wire'
import { chunkLength, encodeHex } from '@peerpress/wire'
import type { Content } from './content.testing.ts'
import { chunkOf } from './content.testing.ts'
import type { DemandId, EngineInput } from '../contract.ts'
import type { EngineOptions } from '../engine-options.ts'
import { EmulatedNode } from './emulated-node.testing.ts'
import { hashOf, isSignedBy } from './emulated-key.testing.ts'
import { EventQueue } from './event-queue.ts'
import { seededRandom } from './seeded-random.ts'

/** How a node behaves. All of them run a real engine; the bad ones tamper with what it says. */
export type Manner =
  | 'honest'
  /** Serves wrong bytes. */
  | 'liar'
  /** Serves wrong bytes under somebody else's signature. */
  | 'forger'
  /** Takes requests and never answers. */
  | 'silent'
  /** Falls silent in the middle of every chunk. */
  | 'stops-midway'
  /** Sends a few bytes at a time, far too slowly. */
  | 'drips'
  /** Never says anything at all. */
  | 'mute'
  /** Says it holds everything. */
  | 'boaster'
  /** Sends what is no message, or messages nobody may send. */
  | 'garbage'

/** What the origin does with one chunk. */
export type OriginAnswer = 'serves' | 'fails' | 'wrong-bytes' | 'wrong-length'

export interface OriginOptions {
  /** ms until the first byte */
  readonly latency: number
  /** bytes per ms, for all readers together */
  readonly uplink: number
  readonly answer: (asset: AssetId, index: number) => OriginAnswer
}

export interface NodeOptions {
  readonly id: PeerId
  readonly manner: Manner
  /** One-way ms to the middle of the network. */
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

/** What a demand came to. */
export interface Outcome {
  readonly node: PeerId
  readonly demand: DemandId
  readonly asset: AssetId
  readonly first: number
  readonly last: number
  state: 'waiting' | 'delivered' | 'failed' | 'ended'
  /** ms when it was delivered or failed. */
  at: number
}

/**
 * A network of engines in one process: links with latency and bandwidth, an origin, nodes of every manner. It is a
 * discrete-event simulation: the same seed gives the same run, event by event, which `digest` shows.
 */
export class Emulator {
  readonly queue = new EventQueue()
  readonly random: () => number
  readonly contents = new Map<AssetId, Content>()
  readonly nodes = new Map<PeerId, EmulatedNode>()
  readonly outcomes: Outcome[] = []
  /** Peers that were proven to lie: nobody can connect to them. */
  readonly banned = new Set<PeerId>()
  /** Bytes the origin sent. */
  originBytes = 0
  readonly #origin: OriginOptions
  #originFree = 0
  readonly #links = new Map<string, Link>()
  #opened = 0
  #digest = 0x811c9dc5

  constructor(seed: number, contents: readonly Content[], origin: OriginOptions) {
    this.random = seededRandom(seed)
    this.#origin = origin
    for (const content of contents) this.contents.set(content.asset.id, content)
  }

  get assets(): readonly Asset[] {
    return [...this.contents.values()].map(({ asset }) => asset)
  }

  /** FNV-1a over everything that happened so far. */
  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, '0')
  }

  content(asset: AssetId): Content {
    const content = this.contents.get(asset)
    if (content === undefined) throw new Error(`no such asset: ${asset}`)
    return content
  }

  add(options: NodeOptions): EmulatedNode {
    const node = new EmulatedNode(this, options)
    this.nodes.set(options.id, node)
    return node
  }

  /** Opens a link between two nodes, unless there is one. */
  connect(a: EmulatedNode, b: EmulatedNode): void {
    if (a === b || a.left || b.left || this.banned.has(a.id) || this.banned.has(b.id)) return
    if (this.#links.has(linkOf(a.id, b.id))) return
    this.#links.set(linkOf(a.id, b.id), { number: ++this.#opened })
    a.join(b.id)
    // The first one may have closed it again at once.
    if (this.#links.has(linkOf(a.id, b.id))) b.join(a.id)
  }

  /** Closes the link between two nodes; the far side hears of it a little later. */
  disconnect(from: EmulatedNode, to: PeerId): void {
    const other = this.nodes.get(to)
    if (!this.#links.delete(linkOf(from.id, to)) || other === undefined) return
    this.queue.at(this.queue.now + from.options.latency + other.options.latency, () => {
      if (!this.#links.has(linkOf(from.id, to))) other.leave(from.id)
    })
  }

  /** Believes proofs alone, as the tracker does, and closes the connections of whoever was proven to lie. */
  accuse(proof: ChunkProof): void {
    const truth = encodeHex(hashOf(chunkOf(this.content(proof.asset), proof.index)))
    if (proof.hash === truth || !isSignedBy(proof)) return
    this.banned.add(proof.peer)
    const liar = this.nodes.get(proof.peer)
    for (const id of this.nodes.keys()) if (liar !== undefined) this.disconnect(liar, id)
  }

  /** Takes a node off the network. */
  remove(node: EmulatedNode): void {
    node.left = true
    for (const id of this.nodes.keys()) this.disconnect(node, id)
    for (const outcome of this.outcomes)
      if (outcome.node === node.id && outcome.state === 'waiting') outcome.state = 'ended'
  }

  /** Carries bytes over a link; returns when they have left the sender. What is under way when it closes is lost. */
  carry(from: EmulatedNode, to: PeerId, bytes: Uint8Array<ArrayBuffer>): number {
    const link = this.#links.get(linkOf(from.id, to))
    const other = this.nodes.get(to)
    if (link === undefined || other === undefined) return this.queue.now
    from.uplinkFree = Math.max(this.queue.now, from.uplinkFree) + bytes.length / from.options.uplink
    this.queue.at(from.uplinkFree + from.options.latency + other.options.latency, () => {
      if (this.#links.get(linkOf(from.id, to)) === link) other.receive(from.id, bytes)
    })
    return from.uplinkFree
  }

  /** The open link between two nodes: another one after they were disconnected and connected again. */
  link(from: EmulatedNode, to: PeerId): Link | undefined {
    return this.#links.get(linkOf(from.id, to))
  }

  /** Answers a `fetch` chunk by chunk until one fails, or it is aborted. */
  fetch(
    node: EmulatedNode,
    { asset, first, last }: { readonly asset: AssetId; readonly first: number; readonly last: number },
  ): AbortController {
    const abort = new AbortController()
    const tell = (input: EngineInput): void => {
      if (!abort.signal.aborted) node.tell(input)
    }
    const content = this.content(asset)
    let at = this.queue.now + this.#origin.latency
    for (let index = first; index <= last; index++) {
      const answer = this.#origin.answer(asset, index)
      if (answer === 'fails') {
        this.queue.at(at, () => tell({ type: 'fetch-failed', asset, first: index, last }))
        return abort
      }
      const length = chunkLength(content.asset, index)
      this.originBytes += length
      at = this.#originFree = Math.max(at, this.#originFree) + length / this.#origin.uplink
      const bytes = chunkOf(content, index)
      if (answer === 'wrong-bytes') bytes[0] = (bytes[0] ?? 0) ^ originMask
      const sent = answer === 'wrong-length' ? bytes.slice(1) : bytes
      this.queue.at(at, () => tell({ type: 'fetched', asset, index, bytes: sent }))
    }
    return abort
  }

  /** Adds one line to the digest. */
  log(line: string): void {
    let digest = this.#digest
    for (let i = 0; i < line.length; i++) digest = Math.imul(digest ^ line.charCodeAt(i), 0x01000193)
    this.#digest = digest
  }
}

/** What the origin's wrong bytes differ by, in the first byte only: no node's own mask does that. */
const originMask = 0xff

function linkOf(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
