import type { Asset, AssetId, ChunkProof, PeerId } from '@peerpress/wire'
import { chunkLength, encodeHex } from '@peerpress/wire'
import type { Content } from './content.testing.ts'
import { chunkOf } from './content.testing.ts'
import type { EngineInput } from '../contract.ts'
import { EmulatedNode, type EmulatedNetwork } from './emulated-node.testing.ts'
import type { Link, NodeOptions, Outcome } from './emulation.testing.ts'
import { hashOf, isSignedBy } from './emulated-key.testing.ts'
import { EventQueue } from './event-queue.ts'
import { seededRandom } from './seeded-random.ts'

/** The origin's response to a request for one chunk. */
export type OriginAnswer = 'serves' | 'fails' | 'wrong-bytes' | 'wrong-length'

export interface OriginOptions {
  /** Time until the first byte, ms. */
  readonly latency: number
  /** bytes per ms, for all readers together. */
  readonly uplink: number
  readonly answer: (asset: AssetId, index: number) => OriginAnswer
}

/**
 * A network of engines in one process: links with latency and bandwidth, an origin, and nodes of every behaviour. It is
 * a discrete-event simulation: the same seed gives the same run, event by event. `digest` verifies that.
 */
export class Emulator implements EmulatedNetwork {
  readonly queue = new EventQueue()
  readonly random: () => number
  readonly contents = new Map<AssetId, Content>()
  readonly nodes = new Map<PeerId, EmulatedNode>()
  readonly outcomes: Outcome[] = []
  /** Peers that were proven to lie. No node can connect to them. */
  readonly banned = new Set<PeerId>()
  /** Bytes sent by the origin. */
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

  /** FNV-1a hash over all events so far. */
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

  /** Opens a link between two nodes, unless one is open. */
  connect(a: EmulatedNode, b: EmulatedNode): void {
    if (a === b || a.left || b.left || this.banned.has(a.id) || this.banned.has(b.id)) return
    if (this.#links.has(linkOf(a.id, b.id))) return
    this.#links.set(linkOf(a.id, b.id), { number: ++this.#opened })
    a.join(b.id)
    // The first node may have closed the link at once.
    if (this.#links.has(linkOf(a.id, b.id))) b.join(a.id)
  }

  /** Closes the link between two nodes. The other node learns of it a little later. */
  disconnect(from: EmulatedNode, to: PeerId): void {
    const other = this.nodes.get(to)
    if (!this.#links.delete(linkOf(from.id, to)) || other === undefined) return
    this.queue.at(this.queue.now + from.options.latency + other.options.latency, () => {
      if (!this.#links.has(linkOf(from.id, to))) other.leave(from.id)
    })
  }

  /** Bans a peer if the proof is valid, as the tracker does, and closes its connections. */
  accuse(proof: ChunkProof): void {
    const truth = encodeHex(hashOf(chunkOf(this.content(proof.asset), proof.index)))
    if (proof.hash === truth || !isSignedBy(proof)) return
    this.banned.add(proof.peer)
    const liar = this.nodes.get(proof.peer)
    for (const id of this.nodes.keys()) if (liar !== undefined) this.disconnect(liar, id)
  }

  /** Removes a node from the network. */
  remove(node: EmulatedNode): void {
    node.left = true
    for (const id of this.nodes.keys()) this.disconnect(node, id)
    for (const outcome of this.outcomes)
      if (outcome.node === node.id && outcome.state === 'waiting') outcome.state = 'ended'
  }

  /**
   * Sends bytes over a link and returns the time at which they have left the sender. Bytes in flight are lost when the
   * link closes.
   */
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

  /** Returns the open link between two nodes. A reconnection creates a new link. */
  link(from: EmulatedNode, to: PeerId): Link | undefined {
    return this.#links.get(linkOf(from.id, to))
  }

  /** Responds to a `fetch` chunk by chunk until one fails or the fetch is aborted. */
  fetch(
    node: EmulatedNode,
    { asset, first, last }: { readonly asset: AssetId; readonly first: number; readonly last: number },
  ): AbortController {
    const abort = new AbortController()
    const respond = (input: EngineInput): void => {
      if (!abort.signal.aborted) node.handle(input)
    }
    const content = this.content(asset)
    let at = this.queue.now + this.#origin.latency
    for (let index = first; index <= last; index++) {
      const answer = this.#origin.answer(asset, index)
      if (answer === 'fails') {
        this.queue.at(at, () => respond({ type: 'fetch-failed', asset, first: index, last }))
        return abort
      }
      const length = chunkLength(content.asset, index)
      this.originBytes += length
      at = this.#originFree = Math.max(at, this.#originFree) + length / this.#origin.uplink
      const bytes = chunkOf(content, index)
      if (answer === 'wrong-bytes') bytes[0] = (bytes[0] ?? 0) ^ originMask
      const sent = answer === 'wrong-length' ? bytes.slice(1) : bytes
      this.queue.at(at, () => respond({ type: 'fetched', asset, index, bytes: sent }))
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

/** Difference of the origin's wrong bytes, in the first byte only. No node's mask does that. */
const originMask = 0xff

function linkOf(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`
}
