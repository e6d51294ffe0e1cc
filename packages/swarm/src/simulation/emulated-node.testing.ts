import type { Asset, AssetId, ChunkProof, PeerId, PeerMessage } from '@peerpress/wire'
import { chunkStatement, decodePeerMessage, encodePeerMessage, receiptStatement } from '@peerpress/wire'
import type { Content } from './content.testing.ts'
import { chunkOf, sameBytes } from './content.testing.ts'
import type { DemandId, EngineInput, EngineOutput, SwarmEvent } from '../contract.ts'
import type { Link, NodeOptions, Outcome } from './emulation.testing.ts'
import { hashOf, proofOf, sign } from './emulated-key.testing.ts'
import { Engine } from '../engine.ts'
import type { EventQueue } from './event-queue.ts'

/** The emulated network, as its nodes use it. */
export interface EmulatedNetwork {
  readonly queue: EventQueue
  readonly random: () => number
  readonly assets: readonly Asset[]
  readonly nodes: ReadonlyMap<PeerId, EmulatedNode>
  readonly outcomes: Outcome[]
  content(asset: AssetId): Content
  disconnect(from: EmulatedNode, to: PeerId): void
  /** Reports a proof that a peer sent wrong bytes. */
  accuse(proof: ChunkProof): void
  /** Sends bytes over a link; returns the time at which they have left the uplink, ms. */
  carry(from: EmulatedNode, to: PeerId, bytes: Uint8Array<ArrayBuffer>): number
  link(from: EmulatedNode, to: PeerId): Link | undefined
  /** Requests chunks from the origin. */
  fetch(
    node: EmulatedNode,
    range: { readonly asset: AssetId; readonly first: number; readonly last: number },
  ): AbortController
  /** Adds one line to the digest. */
  log(line: string): void
}

/** A demand and its delivered chunks. */
interface Waiting {
  readonly outcome: Outcome
  readonly order: 'sequential' | 'any'
  readonly delivered: Set<number>
}

/** A shell around one engine on the emulated network. It checks the guarantees that every shell relies on. */
export class EmulatedNode {
  readonly options: NodeOptions
  left = false
  /** Time at which all bytes sent so far have left the uplink, ms. */
  uplinkFree = 0
  /** All reports of its engine. */
  readonly events: SwarmEvent[] = []
  /** Bytes that each peer signed to have received from this node. */
  readonly claims = new Map<PeerId, number>()
  readonly #emulator: EmulatedNetwork
  readonly #engine: Engine
  readonly #store = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #everStored = new Set<string>()
  readonly #demands = new Map<DemandId, Waiting>()
  /** Difference between each served byte and the true one. */
  readonly #mask: number
  readonly #peers = new Set<PeerId>()
  /** The latest request to the origin that starts with each chunk. */
  readonly #fetches = new Map<string, AbortController>()
  #lastDemand = 0
  #timer = 0

  constructor(emulator: EmulatedNetwork, options: NodeOptions) {
    this.#emulator = emulator
    this.options = options
    this.#engine = new Engine(options.engine, emulator.random)
    this.#mask =
      options.behaviour === 'liar' || options.behaviour === 'forger' ? 1 + (emulator.nodes.size % 254) : 0
    for (const asset of emulator.assets) this.handle({ type: 'asset', asset })
  }

  get id(): PeerId {
    return this.options.id
  }

  /** Returns the number of reports of one kind. */
  count(kind: SwarmEvent['kind']): number {
    return this.events.filter((event) => event.kind === kind).length
  }

  /** Returns the bytes received for the first time from one kind of source. */
  receivedFrom(kind: 'peer' | 'origin' | 'local'): number {
    let bytes = 0
    for (const event of this.events)
      if (event.kind === 'received' && event.source.kind === kind) bytes += event.bytes
    return bytes
  }

  /** Adds chunks that the node already has. */
  own(content: Content, indices: Iterable<number>): void {
    for (const index of indices) {
      this.handle({
        type: 'chunk',
        asset: content.asset.id,
        index,
        bytes: chunkOf(content, index),
        source: 'local',
      })
    }
  }

  /** Removes chunks from its storage. It reports even chunks at once, and odd ones when they are needed. */
  lose(content: Content, indices: Iterable<number>): void {
    for (const index of indices) {
      const asset = content.asset.id
      if (this.#store.delete(keyOf({ asset, index })) && index % 2 === 0)
        this.handle({ type: 'chunk-lost', asset, index })
    }
  }

  demand(
    asset: AssetId,
    range: {
      readonly first: number
      readonly last: number
      readonly deadline: number
      readonly pace?: number
      readonly order?: 'sequential' | 'any'
    },
  ): Outcome {
    const demand = ++this.#lastDemand
    const { first, last } = range
    const outcome: Outcome = { node: this.id, demand, asset, first, last, state: 'waiting', at: 0 }
    this.#emulator.outcomes.push(outcome)
    this.#demands.set(demand, { outcome, order: range.order ?? 'sequential', delivered: new Set() })
    this.handle({ type: 'demand', demand, asset, ...range })
    return outcome
  }

  /** Ends a demand that the page no longer needs. */
  abandon(outcome: Outcome): void {
    if (outcome.state !== 'waiting') return
    outcome.state = 'ended'
    this.#demands.delete(outcome.demand)
    this.handle({ type: 'demand-ended', demand: outcome.demand })
  }

  /** Opens a link to a peer. The node may not yet know that it lost an earlier link to the peer. */
  join(peer: PeerId): void {
    this.leave(peer)
    this.#peers.add(peer)
    this.handle({ type: 'peer-joined', peer })
  }

  leave(peer: PeerId): void {
    if (this.#peers.delete(peer)) this.handle({ type: 'peer-left', peer })
  }

  handle(input: EngineInput): void {
    if (this.left) return
    const { queue } = this.#emulator
    this.#emulator.log(`${queue.now} ${this.id} < ${describe(input)}`)
    this.#engine.handle(input, queue.now)
    for (let output = this.#engine.poll(); output !== undefined; output = this.#engine.poll()) {
      this.#emulator.log(`${queue.now} ${this.id} > ${describe(output)}`)
      const due = output
      // Effects are executed after the engine is drained.
      queue.at(queue.now, () => this.#execute(due))
    }
  }

  receive(from: PeerId, bytes: Uint8Array<ArrayBuffer>): void {
    let message: PeerMessage
    try {
      message = decodePeerMessage(bytes)
    } catch {
      this.handle({ type: 'peer-garbage', peer: from })
      return
    }
    this.handle({ type: 'peer-message', peer: from, message })
  }

  #execute(output: EngineOutput): void {
    if (this.left) return
    const { queue, random } = this.#emulator
    switch (output.type) {
      case 'send':
        this.#send(output.peer, output.message)
        return
      case 'send-chunk':
        this.#sendFrames(output)
        return
      case 'drop':
        this.#emulator.disconnect(this, output.peer)
        return
      case 'fetch':
        this.#fetches.set(keyOf({ ...output, index: output.first }), this.#emulator.fetch(this, output))
        return
      case 'cancel-fetch':
        this.#fetches.get(keyOf(output))?.abort()
        return
      case 'verify': {
        const valid = this.#verify(output)
        const { verification, claimed, bytes } = output
        const proof = valid || !claimed ? undefined : proofOf(claimed, output, bytes)
        queue.at(queue.now + random(), () => this.handle({ type: 'verified', verification, valid, proof }))
        return
      }
      case 'store':
        if (!sameBytes(output.bytes, chunkOf(this.#emulator.content(output.asset), output.index))) {
          throw new Error(`${this.id} stores wrong bytes`)
        }
        this.#store.set(keyOf(output), output.bytes)
        this.#everStored.add(keyOf(output))
        return
      case 'deliver':
        this.#deliver(output)
        return
      case 'demand-failed':
        this.#end(output.demand, 'failed')
        return
      case 'set-timer': {
        const timer = ++this.#timer
        queue.at(output.at, () => {
          if (timer === this.#timer) this.handle({ type: 'timer' })
        })
        return
      }
      case 'connect':
        // The tests decide which nodes connect.
        return
      case 'accuse':
        this.#emulator.accuse(output.proof)
        return
      case 'send-receipt': {
        const { peer, bytes } = output
        const signature = sign(this.id, receiptStatement(peer, bytes))
        this.#send(peer, { type: 'receipt', bytes, signature })
        return
      }
      case 'claim':
        if (sameBytes(output.signature, sign(output.peer, receiptStatement(this.id, output.bytes))))
          this.claims.set(output.peer, output.bytes)
        return
      case 'report':
        this.events.push(output.event)
    }
  }

  #send(peer: PeerId, message: PeerMessage): void {
    const { behaviour } = this.options
    if (behaviour === 'mute' || (behaviour === 'silent' && message.type === 'reject')) return
    const { random } = this.#emulator
    let bytes = encodePeerMessage(message)
    if (behaviour === 'boaster' && message.type === 'bitfield') {
      const bits = message.bits.map(() => 0xff)
      bits[bits.length - 1] = 0xff << (bits.length * 8 - message.chunks)
      bytes = encodePeerMessage({ ...message, bits })
    }
    if (behaviour === 'garbage' && random() < 0.2) {
      for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = random() * 256
    }
    this.#emulator.carry(this, peer, bytes)
  }

  #sendFrames({ peer, asset, index }: EngineOutput & { readonly type: 'send-chunk' }): void {
    const { behaviour, frameSize } = this.options
    const { queue } = this.#emulator
    const stored = this.#store.get(keyOf({ asset, index }))
    if (!this.#everStored.has(keyOf({ asset, index })))
      throw new Error(`${this.id} serves a chunk it never had`)
    if (behaviour === 'silent' || behaviour === 'mute') return
    if (stored === undefined) {
      this.handle({ type: 'chunk-lost', asset, index, unsent: peer })
      return
    }
    const bytes = stored.map((byte) => byte ^ this.#mask)
    const size = behaviour === 'drips' ? 8 : frameSize
    // A liar signs its wrong bytes; a forger signs with another id.
    const author = behaviour === 'forger' ? peer : this.id
    const signature = sign(author, chunkStatement(asset, index, hashOf(bytes)))
    const link = this.#emulator.link(this, peer)
    const sendFrom = (offset: number): void => {
      if (this.left || link === undefined || this.#emulator.link(this, peer) !== link) return
      if (offset >= bytes.length) {
        this.handle({ type: 'chunk-sent', peer, asset, index })
        return
      }
      if (behaviour === 'stops-midway' && offset >= bytes.length / 2) return
      const payload = bytes.subarray(offset, offset + size)
      const frame = encodePeerMessage({
        type: 'frame',
        asset,
        index,
        offset,
        length: bytes.length,
        payload,
        ...(offset === 0 ? { signature } : {}),
      })
      const leftAt = this.#emulator.carry(this, peer, frame)
      queue.at(behaviour === 'drips' ? leftAt + 100 : leftAt, () => sendFrom(offset + size))
    }
    sendFrom(0)
  }

  /**
   * Compares with the true bytes. A chunk assembled from several authors would match neither the truth nor one liar's
   * version.
   */
  #verify({ asset, index, bytes }: EngineOutput & { readonly type: 'verify' }): boolean {
    const truth = chunkOf(this.#emulator.content(asset), index)
    const mask = (bytes[1] ?? 0) ^ (truth[1] ?? 0)
    const isOneAuthors =
      bytes.length === truth.length && bytes.every((byte, i) => i === 0 || (byte ^ (truth[i] ?? 0)) === mask)
    if (!isOneAuthors) throw new Error(`${this.id} assembled a chunk from several sources`)
    return sameBytes(bytes, truth)
  }

  #deliver({ demand, asset, index }: EngineOutput & { readonly type: 'deliver' }): void {
    const waiting = this.#demands.get(demand)
    // The demand was abandoned in the meantime.
    if (waiting === undefined) return
    const { outcome } = waiting
    if (
      asset !== outcome.asset ||
      index < outcome.first ||
      index > outcome.last ||
      waiting.delivered.has(index)
    )
      throw new Error(`${this.id} delivers an unrequested chunk, or one twice`)
    if (waiting.order === 'sequential' && index !== outcome.first + waiting.delivered.size)
      throw new Error(`${this.id} delivers out of order`)
    if (!this.#everStored.has(keyOf({ asset, index })))
      throw new Error(`${this.id} delivers a chunk that was never stored`)
    waiting.delivered.add(index)
    if (waiting.delivered.size > outcome.last - outcome.first) this.#end(demand, 'delivered')
  }

  #end(demand: DemandId, state: 'delivered' | 'failed'): void {
    const waiting = this.#demands.get(demand)
    if (waiting === undefined) return
    this.#demands.delete(demand)
    waiting.outcome.state = state
    waiting.outcome.at = this.#emulator.queue.now
  }
}

function keyOf({ asset, index }: { readonly asset: AssetId; readonly index: number }): string {
  return `${asset} ${index}`
}

function describe(event: EngineInput | EngineOutput): string {
  return JSON.stringify(event, (_key, value: unknown) => (value instanceof Uint8Array ? value.length : value))
}
