import {
  type ChunkSource,
  type DemandId,
  type Effects,
  Engine,
  EngineDriver,
  framesOf,
} from '@peerpress/swarm'
import type { Asset, AssetId, Manifest, PeerId, PeerMessage, Signal, UploadLimits } from '@peerpress/wire'
import { isChunk } from '../chunk-hash.ts'
import type { ByteSource, PageMessage, WorkerMessage } from '../port-message.ts'
import { ChunkStore } from './chunk-store.ts'
import type { DeliveryLedger } from './delivery-ledger.ts'
import { HttpFetcher } from './http-fetcher.ts'
import { Peers } from './peers.ts'
import { UploadBudget, withDefaults } from './upload-budget.ts'

/** A demand would rather have the origin after so many ms, and one more for so many bytes that are to come before. */
const demandPatience = 1000
/** A peer slower than 8 Mbit/s is no help where the origin has few to serve. */
const bytesPerMs = 1000
/** From so many readers on it is a crowd, and the origin has too much to do to be of help by itself … */
const crowd = 10
/** … unless peers together are slower than 2 Mbit/s. */
const crowdBytesPerMs = 250
/** ms between two signs to the worker that its demands are being worked on: well within its patience of 2 s. */
const workingInterval = 1000
/** ms after which a silent peer is given up: before the worker takes the page itself for silent, which is 2 s. */
const stallMs = 1200

/** Whom {@link PageSwarm} tells. */
export interface PageSwarmOptions {
  readonly ledger: DeliveryLedger
  readonly upload: UploadLimits | undefined
  /** What the id of an asset is put after for its copy on the server. */
  readonly mirror: string
  readonly tellWorker: (message: PageMessage) => void
  readonly onSignal: (to: PeerId, signal: Signal) => void
  /** Introductions to so many peers more are wanted. */
  readonly onConnect: (peers: number) => void
  /** A peer said what it holds. */
  readonly onHoldings: () => void
}

/** Carries out what the engine decides: hashes, stores, sends, fetches, and answers the worker. */
export class PageSwarm {
  readonly peers: Peers
  readonly #assets: ReadonlyMap<AssetId, Asset>
  readonly #options: PageSwarmOptions
  readonly #store = new ChunkStore()
  readonly #servers: HttpFetcher
  readonly #engine: Engine
  readonly #uploads: UploadBudget
  readonly #driver: EngineDriver
  /** Bytes of the demands under way. */
  readonly #demands = new Map<DemandId, number>()
  #size = 1
  #timer: ReturnType<typeof setTimeout> | undefined
  #working: ReturnType<typeof setInterval> | undefined

  constructor(manifest: Manifest, options: PageSwarmOptions) {
    this.#options = options
    this.#servers = new HttpFetcher(options.mirror, () => performance.now())
    this.#assets = new Map(manifest.assets.map((asset) => [asset.id, asset]))
    const limits = withDefaults(options.upload)
    this.#uploads = new UploadBudget(limits)
    const { rate, slots: maxUploads } = limits
    const settings = { manifestVersion: manifest.version, stallMs, maxUploads, uploadRate: rate / 1000 }
    this.#engine = new Engine(settings, Math.random)
    this.#driver = new EngineDriver(this.#engine, this.#effects(), () => performance.now())
    this.peers = new Peers({
      onSignal: options.onSignal,
      onJoined: (peer) => {
        options.ledger.peerJoined(peer)
        this.#driver.handle({ type: 'peer-joined', peer })
      },
      onLeft: (peer) => this.#driver.handle({ type: 'peer-left', peer }),
      onMessage: (peer: PeerId, message: PeerMessage) => {
        this.#driver.handle({ type: 'peer-message', peer, message })
        if (message.type === 'bitfield') options.onHoldings()
      },
    })
    for (const asset of manifest.assets) this.#driver.handle({ type: 'asset', asset })
    this.#allowUploads()
  }

  /** Whether bytes of an asset that the page loaded on its own would be new here. */
  wants(asset: Asset): boolean {
    return this.#store.hasRoom(asset.size) && !this.#store.get(asset.id, 0)
  }

  /** A chunk that came without the engine's doing. It is verified before it is offered. */
  take(
    asset: AssetId,
    chunk: { readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> },
    source: 'origin' | 'local',
  ): void {
    const { index, bytes } = chunk
    if (this.#store.hasRoom(bytes.length)) this.#driver.handle({ type: 'chunk', asset, index, bytes, source })
  }

  /** About so many readers are in the swarm. */
  resize(peers: number): void {
    this.#size = peers
    this.#driver.handle({ type: 'swarm-size', peers })
  }

  /** Closes every connection. Demands under way go on at the origin. */
  stop(): void {
    this.peers.dropAll()
  }

  /** Takes a demand of the worker when anything of it can come from here or from peers; else says `origin`. */
  demand({ demand, asset: id, first, last, whole }: Extract<WorkerMessage, { type: 'demand' }>): void {
    const asset = this.#assets.get(id)
    if (!asset || !this.#store.hasRoom(asset.size) || !this.#mayHelp(id, { first, last, whole })) {
      this.#options.tellWorker({ type: 'origin', demand })
      return
    }
    this.#options.tellWorker({ type: 'accept', demand })
    const isCrowd = this.#size >= crowd
    const rate = isCrowd ? crowdBytesPerMs : bytesPerMs
    const bytes = (last - first + 1) * asset.chunkSize
    this.#begin(demand, bytes)
    const range = { demand, asset: id, first, last }
    const start = performance.now() + demandPatience
    if (whole) {
      let before = 0
      for (const other of this.#demands.values()) before += other
      this.#driver.handle({ type: 'demand', ...range, order: 'any', deadline: start + before / rate })
    } else {
      this.#driver.handle({ type: 'demand', ...range, deadline: start, pace: asset.chunkSize / bytesPerMs })
    }
  }

  /** A worker that was restarted knows nothing of what its predecessor demanded. */
  endDemands(): void {
    for (const demand of this.#demands.keys()) this.endDemand(demand)
  }

  /** The worker has what it wanted, or does not want it any more. */
  endDemand(demand: DemandId): void {
    this.#end(demand)
    this.#driver.handle({ type: 'demand-ended', demand })
  }

  /**
   * Whether a demand may get anything without the origin. In a crowd that we are connected to somebody will soon have
   * what nobody has yet: what each would take from the origin alone, all take once.
   */
  #mayHelp(
    asset: AssetId,
    { first, last, whole }: { readonly first: number; readonly last: number; readonly whole: boolean },
  ): boolean {
    if (this.#engine.canServe(asset, first, last)) return true
    return whole && this.#size >= crowd && this.peers.count > 0
  }

  #begin(demand: DemandId, bytes: number): void {
    this.#demands.set(demand, bytes)
    this.#working ??= setInterval(() => {
      for (const under of this.#demands.keys()) this.#options.tellWorker({ type: 'working', demand: under })
    }, workingInterval)
  }

  #end(demand: DemandId): void {
    this.#demands.delete(demand)
    if (this.#demands.size > 0) return
    clearInterval(this.#working)
    this.#working = undefined
  }

  #effects(): Effects {
    return {
      send: ({ peer, message }) => this.peers.send(peer, message),
      'send-chunk': ({ peer, asset, index }) => void this.#sendChunk(peer, asset, index),
      drop: ({ peer }) => this.peers.drop(peer),
      fetch: ({ asset, first, last }) => void this.#fetch(asset, first, last),
      verify: ({ verification, asset, index, bytes }) =>
        void this.#verify(verification, { asset, index, bytes }),
      store: ({ asset, index, bytes }) => this.#store.put(asset, index, bytes),
      deliver: ({ demand, asset, index, source }) => this.#deliver(demand, { asset, index, source }),
      connect: ({ peers }) => this.#options.onConnect(Math.min(peers, this.peers.room)),
      'demand-failed': ({ demand }) => {
        this.#end(demand)
        this.#options.tellWorker({ type: 'failed', demand })
      },
      'set-timer': ({ at }) => {
        clearTimeout(this.#timer)
        const delay = Math.max(0, Math.ceil(at - performance.now()))
        this.#timer = setTimeout(() => this.#driver.handle({ type: 'timer' }), delay)
      },
      report: ({ event }) => {
        this.#options.ledger.swarmEvent(event)
        if (event.kind !== 'sent') return
        this.#uploads.spend(event.bytes)
        this.#allowUploads()
      },
    }
  }

  /** Other tabs give too: what is left is looked up anew after each chunk. */
  #allowUploads(): void {
    this.#driver.handle({ type: 'upload-allowance', bytes: this.#uploads.left })
  }

  async #sendChunk(peer: PeerId, asset: AssetId, index: number): Promise<void> {
    const bytes = this.#store.get(asset, index)
    if (!bytes) return
    const sent = await this.peers.sendAll(peer, framesOf(asset, index, bytes))
    if (sent) this.#driver.handle({ type: 'chunk-sent', peer, asset, index })
  }

  async #fetch(id: AssetId, first: number, last: number): Promise<void> {
    const asset = this.#assets.get(id)
    if (!asset) return
    let next = first
    try {
      for await (const { index, bytes, source } of this.#servers.chunks(asset, first, last)) {
        if (index < first) {
          this.take(id, { index, bytes }, 'origin')
          continue
        }
        if (index > last) break
        this.#driver.handle({ type: 'fetched', asset: id, index, bytes, source })
        next = index + 1
      }
    } catch {
      // Told below: the engine decides what comes next.
    }
    if (next <= last) this.#driver.handle({ type: 'fetch-failed', asset: id, first: next, last })
  }

  async #verify(
    verification: number,
    {
      asset: id,
      index,
      bytes,
    }: { readonly asset: AssetId; readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> },
  ): Promise<void> {
    const asset = this.#assets.get(id)
    const valid = asset !== undefined && (await isChunk(asset, index, bytes).catch(() => false))
    this.#driver.handle({ type: 'verified', verification, valid })
  }

  #deliver(
    demand: DemandId,
    {
      asset,
      index,
      source,
    }: { readonly asset: AssetId; readonly index: number; readonly source: ChunkSource },
  ): void {
    const bytes = this.#store.get(asset, index)
    if (bytes)
      this.#options.tellWorker({ type: 'chunk', demand, index, bytes, source: this.#byteSource(source) })
  }

  #byteSource(source: ChunkSource): ByteSource {
    if (source.kind === 'local') return 'cache'
    return source.kind === 'peer' && this.peers.isSeed(source.peer) ? 'seed' : source.kind
  }
}
