import { createHash } from 'node:crypto'
import {
  bodyStart,
  ChunkCutter,
  type Effects,
  Engine,
  EngineDriver,
  framesOf,
  rangeHeader,
  type SwarmEvent,
} from '@peerpress/swarm'
import {
  type Asset,
  type AssetId,
  chunkCount,
  chunkHash,
  chunkLength,
  decodePeerMessage,
  encodeHex,
  encodePeerMessage,
  type IceServer,
  type Manifest,
  type PeerId,
  type PeerMessage,
  type Signal,
  type TrackerServerMessage,
} from '@peerpress/wire'
import type { ChunkDisk } from './chunk-disk.ts'
import { PeerConnection } from './peer-connection.ts'

const fetchTimeout = 60_000
/** ms that peers have for an asset, and one more for so many bytes, before the rest comes from the origin. */
const patience = 3000
const bytesPerMs = 1000
/** Chunks read from the disk at start that are verified at a time. */
const maxVerifying = 8

/** Whom {@link SwarmPeer} tells, and how far it goes. */
export interface SwarmPeerOptions {
  readonly disk: ChunkDisk
  readonly maxPeers: number
  /** Introductions to so many peers more are wanted. */
  readonly onConnect: (peers: number) => void
  readonly onSignal: (to: PeerId, signal: Signal) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A chunk is on the disk, or could not be put there. */
  readonly onStored: (error?: Error) => void
}

/** Carries out what the engine decides, for every asset of a manifest: it wants all of them and gives them away. */
export class SwarmPeer {
  iceServers: readonly IceServer[] = []
  readonly #assets: ReadonlyMap<AssetId, Asset>
  readonly #options: SwarmPeerOptions
  readonly #driver: EngineDriver
  readonly #connections = new Map<PeerId, PeerConnection>()
  /** Chunks that are not on the disk yet, by name. */
  readonly #writing = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly #ended = new AbortController()
  readonly #delivered = new Map<number, () => void>()
  readonly #left = new Map<number, number>()
  #verified: () => void = () => {}
  #verifying = 0
  #timer: NodeJS.Timeout | undefined

  constructor(manifest: Manifest, options: SwarmPeerOptions) {
    this.#options = options
    this.#assets = new Map(manifest.assets.map((asset) => [asset.id, asset]))
    const engine = new Engine({ manifestVersion: manifest.version, maxPeers: options.maxPeers }, Math.random)
    this.#driver = new EngineDriver(engine, this.#effects(), () => performance.now())
    for (const asset of manifest.assets) this.#driver.handle({ type: 'asset', asset })
  }

  get peers(): number {
    return this.#connections.size
  }

  /** Offers what is on the disk, then gets the rest, one asset after the other. */
  async fill(): Promise<void> {
    const assets = [...this.#assets.values()]
    for (const asset of assets) await this.#offerStored(asset)
    for (const [demand, asset] of assets.entries()) await this.#want(demand, asset)
  }

  introduce({ peer, role }: Extract<TrackerServerMessage, { type: 'introduce' }>): void {
    if (this.#connections.size >= this.#options.maxPeers || this.#connections.has(peer)) return
    const connection: PeerConnection = new PeerConnection({
      iceServers: this.iceServers,
      role,
      onSignal: (signal) => this.#options.onSignal(peer, signal),
      onOpen: () => this.#driver.handle({ type: 'peer-joined', peer }),
      onMessage: (bytes) => this.#receive(peer, bytes),
      onClosed: () => this.#drop(peer),
    })
    this.#connections.set(peer, connection)
  }

  /** About so many are in the swarm. */
  resize(peers: number): void {
    this.#driver.handle({ type: 'swarm-size', peers })
  }

  signal(peer: PeerId, signal: Signal): void {
    this.#connections.get(peer)?.accept(signal)
  }

  close(): void {
    this.#ended.abort()
    clearTimeout(this.#timer)
    for (const connection of this.#connections.values()) connection.close()
    this.#connections.clear()
    for (const resolve of this.#delivered.values()) resolve()
  }

  #effects(): Effects {
    return {
      send: ({ peer, message }) => this.#connections.get(peer)?.send(encodePeerMessage(message)),
      'send-chunk': ({ peer, asset, index }) => void this.#sendChunk(peer, asset, index),
      connect: ({ peers }) => this.#options.onConnect(peers),
      drop: ({ peer }) => this.#drop(peer),
      fetch: ({ asset, first, last }) => void this.#fetch(asset, first, last),
      verify: ({ verification, asset, index, bytes }) => {
        const valid = createHash('sha256').update(bytes).digest('hex') === this.#name(asset, index)
        this.#driver.handle({ type: 'verified', verification, valid })
        this.#verifying = Math.max(0, this.#verifying - 1)
        this.#verified()
      },
      store: ({ asset, index, bytes }) => void this.#store(asset, index, bytes),
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
        this.#timer = setTimeout(() => this.#driver.handle({ type: 'timer' }), delay)
      },
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

  async #want(demand: number, asset: Asset): Promise<void> {
    if (this.#ended.signal.aborted) return
    const last = chunkCount(asset) - 1
    this.#left.set(demand, last + 1)
    const done = new Promise<void>((resolve) => this.#delivered.set(demand, resolve))
    const deadline = performance.now() + patience + asset.size / bytesPerMs
    this.#driver.handle({ type: 'demand', demand, asset: asset.id, first: 0, last, deadline, order: 'any' })
    await done
    this.#delivered.delete(demand)
    this.#left.delete(demand)
    if (!this.#ended.signal.aborted) this.#driver.handle({ type: 'demand-ended', demand })
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

  #drop(peer: PeerId): void {
    this.#connections.get(peer)?.close()
    if (this.#connections.delete(peer)) this.#driver.handle({ type: 'peer-left', peer })
  }

  async #sendChunk(peer: PeerId, asset: AssetId, index: number): Promise<void> {
    const connection = this.#connections.get(peer)
    const name = this.#name(asset, index)
    const bytes = this.#writing.get(name) ?? (await this.#options.disk.get(name))
    if (!connection || this.#connections.get(peer) !== connection) return
    if (!bytes) {
      // Somebody emptied the folder: this peer waits for what cannot come.
      this.#drop(peer)
      return
    }
    await connection.sendAll(Array.from(framesOf(asset, index, bytes), encodePeerMessage))
    if (this.#connections.get(peer) === connection) {
      this.#driver.handle({ type: 'chunk-sent', peer, asset, index })
    }
  }

  async #fetch(id: AssetId, first: number, last: number): Promise<void> {
    const asset = this.#assets.get(id)
    if (!asset) return
    let next = first
    try {
      const range = rangeHeader(
        first * asset.chunkSize,
        last * asset.chunkSize + chunkLength(asset, last) - 1,
      )
      const response = await fetch(asset.url, {
        headers: { Range: range, 'Accept-Encoding': 'identity' },
        signal: AbortSignal.any([this.#ended.signal, AbortSignal.timeout(fetchTimeout)]),
      })
      const start = bodyStart(response, asset.size)
      if (start === null || !response.body) throw new Error(`the origin answers ${response.status}`)
      const cutter = new ChunkCutter(asset, start)
      reading: for await (const part of response.body) {
        for (const { index, bytes } of cutter.push(part)) {
          if (index > last) break reading
          if (index < first) continue
          this.#driver.handle({ type: 'fetched', asset: id, index, bytes })
          next = index + 1
        }
      }
    } catch {
      // Told below: the engine decides what comes next.
    }
    if (next <= last && !this.#ended.signal.aborted) {
      this.#driver.handle({ type: 'fetch-failed', asset: id, first: next, last })
    }
  }

  async #store(asset: AssetId, index: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const name = this.#name(asset, index)
    this.#writing.set(name, bytes)
    try {
      await this.#options.disk.put(name, bytes)
      this.#writing.delete(name)
      this.#options.onStored()
    } catch (error) {
      // It stays in memory, which has room for what was promised to others.
      this.#options.onStored(error as Error)
    }
  }

  #name(id: AssetId, index: number): string {
    const asset = this.#assets.get(id)
    return asset ? encodeHex(chunkHash(asset, index)) : ''
  }
}
