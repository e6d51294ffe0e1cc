import { createHash } from 'node:crypto'
import {
  type ChunkStorage,
  type Effects,
  Engine,
  EngineDriver,
  framesOf,
  HttpSources,
  type SwarmEvent,
} from '@peerpress/swarm'
import {
  type Asset,
  type AssetId,
  chunkCount,
  chunkHash,
  decodeHex,
  decodePeerMessage,
  encodeBase64Url,
  encodeHex,
  encodePeerMessage,
  type IceServer,
  type Manifest,
  type PeerId,
  type PeerMessage,
  isSignal,
  type Signal,
  type TrackerClientMessage,
  type TrackerServerMessage,
} from '@peerpress/wire'
import { ChunkWriter } from './chunk-writer.ts'
import type { Guard } from './guard.ts'
import { rangeOf } from './http-range.ts'
import { type PeerKey, proofOf } from './peer-key.ts'
import { PeerConnection } from './peer-connection.ts'

/** ms that a swarm of others is waited for before anything is got: the tracker has told its size by then, or is away. */
const companyPatience = 1500
/**
 * ms that peers have, and one more for so many bytes, before the rest comes from the origin. No page waits for it here,
 * and the origin is spared by who is patient.
 */
const patience = 10_000
const bytesPerMs = 50
/** Requests to the origin at a time, as browsers have it. */
const maxFetches = 6
/** ms until something is asked for again that nobody could give; twice as long each time. */
const firstRetry = 1000
const longestRetry = 60_000
/** Introductions that a tracker is asked for at a time at most. */
const maxWanted = 12
/** Chunks read from the disk at start that are verified at a time. */
const maxVerifying = 8

/** Whom {@link SwarmPeer} tells, and how far it goes. */
export interface SwarmPeerOptions {
  /** What the id of an asset is put after for each copy of it. */
  readonly mirrors: readonly string[]
  readonly guard: Guard
  readonly disk: ChunkStorage
  readonly key: PeerKey
  readonly maxPeers: number
  /** What the whole swarm takes from the origin, bytes/ms. @default the engine's */
  readonly originRate?: number | undefined
  readonly tellTracker: (message: TrackerClientMessage) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A chunk is on the disk. */
  readonly onStored: () => void
}

/** Carries out what the engine decides, for every asset of a manifest: it wants all of them and gives them away. */
export class SwarmPeer {
  iceServers: readonly IceServer[] = []
  relayOnly = false
  readonly #assets: ReadonlyMap<AssetId, Asset>
  readonly #options: SwarmPeerOptions
  readonly #driver: EngineDriver
  readonly #sources = new HttpSources()
  readonly #connections = new Map<PeerId, PeerConnection>()
  readonly #writer: ChunkWriter
  readonly #ended = new AbortController()
  readonly #delivered = new Map<number, () => void>()
  readonly #left = new Map<number, number>()
  #verified: () => void = () => {}
  #sized: () => void = () => {}
  readonly #isSized = new Promise<void>((resolve) => (this.#sized = resolve))
  #verifying = 0
  #fetching = 0
  readonly #turns: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(manifest: Manifest, options: SwarmPeerOptions) {
    this.#options = options
    const { disk, guard, onStored } = options
    this.#writer = new ChunkWriter(disk, { guard, onStored, onStuck: (problem) => this.#giveUp(problem) })
    this.#assets = new Map(manifest.assets.map((asset) => [asset.id, asset]))
    const { maxPeers, originRate } = options
    const settings = { manifestVersion: manifest.version, maxPeers, ...(originRate && { originRate }) }
    const engine = new Engine(settings, Math.random)
    this.#driver = new EngineDriver(engine, this.#effects(), () => performance.now())
    for (const asset of manifest.assets) this.#driver.handle({ type: 'asset', asset })
  }

  get peers(): number {
    return this.#connections.size
  }

  /**
   * Offers what is on the disk, then gets the rest: all assets at once, in an order of its own. Readers begin at the top of
   * their page; who is in no hurry has soon something else to give them.
   */
  async fill(): Promise<void> {
    for (const asset of this.#assets.values()) await this.#offerStored(asset)
    await this.#company()
    const order = Array.from(this.#assets.values(), (asset) => ({ asset, at: Math.random() }))
    order.sort((one, other) => one.at - other.at)
    let bytes = 0
    await Promise.all(
      order.map(({ asset }, demand) => {
        bytes += asset.size
        return this.#want(demand, asset, performance.now() + patience + bytes / bytesPerMs)
      }),
    )
  }

  introduce({ peer, role }: Extract<TrackerServerMessage, { type: 'introduce' }>): void {
    if (this.#connections.size >= this.#options.maxPeers || this.#connections.has(peer)) return
    // A server's address that is none, or a lack of memory: the tracker introduces others.
    this.#options.guard.run(() => this.#connect(peer, role))
  }

  #connect(peer: PeerId, role: 'offer' | 'answer'): void {
    const { guard } = this.#options
    const connection: PeerConnection = new PeerConnection({
      guard,
      iceServers: this.iceServers,
      relayOnly: this.relayOnly,
      role,
      onSignal: (signal) => this.#signalTo(peer, signal),
      onOpen: () => this.#driver.handle({ type: 'peer-joined', peer }),
      onMessage: (bytes) => this.#receive(peer, bytes),
      onClosed: () => this.drop(peer),
    })
    this.#connections.set(peer, connection)
  }

  /** About so many are in the swarm. */
  resize(peers: number): void {
    this.#driver.handle({ type: 'swarm-size', peers })
    this.#sized()
  }

  signal(peer: PeerId, signal: Signal): void {
    this.#connections.get(peer)?.accept(signal)
  }

  /** What the tracker would take for no message would close the line to it, for all peers. */
  #signalTo(peer: PeerId, signal: Signal): void {
    if (isSignal(signal)) this.#options.tellTracker({ type: 'signal', to: peer, signal })
    else this.drop(peer)
  }

  /** Closes the connection to a peer. */
  drop(peer: PeerId): void {
    this.#connections.get(peer)?.close()
    if (this.#connections.delete(peer)) this.#driver.handle({ type: 'peer-left', peer })
  }

  close(): void {
    this.#ended.abort()
    clearTimeout(this.#timer)
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
    this.#writer.close()
    for (const resolve of this.#delivered.values()) resolve()
  }

  #effects(): Effects {
    const { guard } = this.#options
    return {
      send: ({ peer, message }) => this.#connections.get(peer)?.send(encodePeerMessage(message)),
      // A peer that its chunk does not reach waits in vain: it is to ask others.
      'send-chunk': ({ peer, asset, index }) =>
        guard.settle(this.#sendChunk(peer, asset, index), () => this.drop(peer)),
      connect: ({ peers }) => this.#options.tellTracker({ type: 'want', peers: Math.min(maxWanted, peers) }),
      drop: ({ peer }) => this.drop(peer),
      fetch: ({ asset, first, last }) => guard.settle(this.#fetch(asset, first, last)),
      'cancel-fetch': () => {
        // Of a seed nothing is demanded in order: it hedges nothing.
      },
      verify: ({ verification, asset, index, bytes, claimed }) => {
        const hash = sha256(bytes)
        const valid = encodeHex(hash) === this.#name(asset, index)
        const proof = valid || !claimed ? undefined : proofOf(claimed, { asset, index }, hash)
        this.#driver.handle({ type: 'verified', verification, valid, proof })
        this.#verifying = Math.max(0, this.#verifying - 1)
        this.#verified()
      },
      store: ({ asset, index, bytes }) => this.#store(asset, index, bytes),
      deliver: ({ demand }) => {
        const left = (this.#left.get(demand) ?? 0) - 1
        this.#left.set(demand, left)
        if (left <= 0) this.#delivered.get(demand)?.()
      },
      'demand-failed': ({ demand }) => this.#delivered.get(demand)?.(),
      'set-timer': ({ at }) => {
        clearTimeout(this.#timer)
        if (this.#ended.signal.aborted) return
        const delay = Math.max(0, Math.ceil(at - performance.now()))
        const wake = guard.callback(() => this.#driver.handle({ type: 'timer' }))
        this.#timer = setTimeout(wake, delay)
      },
      accuse: ({ proof }) => this.#options.tellTracker({ type: 'accuse', proof }),
      'send-receipt': ({ peer, bytes }) => {
        const signature = this.#options.key.signReceipt(peer, bytes)
        this.#connections.get(peer)?.send(encodePeerMessage({ type: 'receipt', bytes, signature }))
      },
      claim: ({ peer, bytes, signature }) =>
        this.#options.tellTracker({ type: 'claim', peer, bytes, signature: encodeBase64Url(signature) }),
      report: ({ event }) => this.#options.onEvent(event),
    }
  }

  async #offerStored(asset: Asset): Promise<void> {
    for (let index = 0; index < chunkCount(asset); index++) {
      const bytes = await this.#options.disk.get(this.#name(asset.id, index))
      if (this.#ended.signal.aborted) return
      if (!bytes) continue
      if (this.#verifying >= maxVerifying) await new Promise<void>((resolve) => (this.#verified = resolve))
      this.#verifying++
      this.#driver.handle({ type: 'chunk', asset: asset.id, index, bytes, source: 'local' })
    }
  }

  /** Who knows of no swarm gets everything from the origin at once. */
  async #company(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, companyPatience)))
    await Promise.race([this.#isSized, enough])
    clearTimeout(timer)
  }

  /** Until all of it is here: what neither peers nor origin give now, or the disk does not take, is asked for again later. */
  async #want(demand: number, asset: Asset, deadline: number): Promise<void> {
    for (let delay = firstRetry; !this.#ended.signal.aborted; delay = Math.min(longestRetry, 2 * delay)) {
      await this.#demand(demand, asset, deadline)
      await this.#writer.settled()
      if (this.#isHere(asset)) return
      await this.#writer.unstuck()
      await new Promise<void>((retry) => {
        setTimeout(retry, delay).unref()
        this.#ended.signal.addEventListener('abort', () => retry(), { once: true })
      })
    }
  }

  /** Resolves when all of it came, or no more of it will. */
  async #demand(demand: number, asset: Asset, deadline: number): Promise<void> {
    const last = chunkCount(asset) - 1
    this.#left.set(demand, last + 1)
    const done = new Promise<void>((resolve) => this.#delivered.set(demand, resolve))
    this.#driver.handle({ type: 'demand', demand, asset: asset.id, first: 0, last, deadline, order: 'any' })
    await done
    this.#delivered.delete(demand)
    this.#left.delete(demand)
  }

  #isHere(asset: Asset): boolean {
    const names = Array.from({ length: chunkCount(asset) }, (_, index) => this.#name(asset.id, index))
    return names.every((name) => this.#options.disk.has(name))
  }

  /** The disk takes no more: what cannot be stored is not asked for. */
  #giveUp(problem: Error): void {
    this.#options.guard.report(problem)
    for (const [demand, resolve] of this.#delivered) {
      this.#driver.handle({ type: 'demand-ended', demand })
      resolve()
    }
  }

  #receive(peer: PeerId, bytes: Uint8Array<ArrayBuffer>): void {
    let message: PeerMessage
    try {
      message = decodePeerMessage(bytes)
    } catch {
      this.#driver.handle({ type: 'peer-garbage', peer })
      return
    }
    this.#driver.handle({ type: 'peer-message', peer, message })
  }

  async #sendChunk(peer: PeerId, asset: AssetId, index: number): Promise<void> {
    const connection = this.#connections.get(peer)
    const name = this.#name(asset, index)
    const bytes = this.#writer.get(name) ?? (await this.#options.disk.get(name))
    if (!bytes) {
      // Somebody emptied the folder.
      this.#driver.handle({ type: 'chunk-lost', asset, index, unsent: peer })
      return
    }
    if (!connection || this.#connections.get(peer) !== connection) return
    const signature = this.#options.key.signChunk(asset, index, decodeHex(name))
    const frames = framesOf({ asset, index, signature }, bytes)
    await connection.sendAll(Array.from(frames, encodePeerMessage))
    if (this.#connections.get(peer) === connection) {
      this.#driver.handle({ type: 'chunk-sent', peer, asset, index })
    }
  }

  async #fetch(id: AssetId, first: number, last: number): Promise<void> {
    const asset = this.#assets.get(id)
    if (!asset) return
    let next = first
    if (this.#fetching >= maxFetches) await new Promise<void>((turn) => this.#turns.push(turn))
    this.#fetching++
    const { mirrors } = this.#options
    const order = 'origin-first'
    for (const source of this.#sources.inOrder(asset, { mirrors, order, now: performance.now() })) {
      try {
        const range = { first: next, last, ended: this.#ended.signal }
        for await (const { index, bytes } of rangeOf(asset, source, range)) {
          if (index > last) break
          if (index < next) continue
          if (source.kind === 'mirror' && encodeHex(sha256(bytes)) !== this.#name(id, index))
            throw new Error('the mirror has other bytes')
          await this.#writer.room()
          if (this.#writer.isStuck) break
          this.#driver.handle({ type: 'fetched', asset: id, index, bytes, source: source.kind })
          next = index + 1
        }
      } catch {
        // Told below: the engine decides what comes next.
      }
      if (next > last || this.#ended.signal.aborted || this.#writer.isStuck) break
      this.#sources.failed(source, performance.now())
    }
    this.#fetching--
    this.#turns.shift()?.()
    if (next <= last && !this.#ended.signal.aborted) {
      this.#driver.handle({ type: 'fetch-failed', asset: id, first: next, last })
    }
  }

  #store(asset: AssetId, index: number, bytes: Uint8Array<ArrayBuffer>): void {
    const lose = (): void => this.#driver.handle({ type: 'chunk-lost', asset, index })
    if (!this.#writer.put(this.#name(asset, index), bytes, lose)) lose()
  }

  #name(id: AssetId, index: number): string {
    const asset = this.#assets.get(id)
    return asset ? encodeHex(chunkHash(asset, index)) : ''
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
