import {
  type ChunkSource,
  type DemandId,
  type Effects,
  Engine,
  EngineDriver,
  type EngineInput,
  type EngineOutput,
  framesOf,
  type SwarmEvent,
} from '@peerpress/swarm'
import {
  type Asset,
  type AssetId,
  chunkHash,
  encodeBase64Url,
  type Manifest,
  type PeerId,
  type PeerMessage,
  type TrackerClientMessage,
} from '@peerpress/wire'
import { isChunkHash, sha256 } from '../../chunk-hash.ts'
import { HttpServers } from '../../http-servers.ts'
import type { ByteSource, PageMessage, WorkerMessage } from '../../port-message.ts'
import type { ChunkStore } from '../storage/chunk-store.ts'
import { isSavedPage } from '../page/is-saved-page.ts'
import { type PeerKey, proofOf } from './peer-key.ts'
import { Peers } from './peers.ts'
import type { UploadShare } from '../storage/upload-budget.ts'

/** ms before a demand would rather have the origin: none where few are and nobody is known to hold anything of it. */
const demandPatience = 1000
/** From then on it would have what peers bring together more slowly than at 8 Mbit/s, where the origin has few to serve. */
const bytesPerMs = 1000
/** From so many readers on it is a crowd, and the origin has too much to do to be of help by itself … */
const crowd = 10
/** … unless peers together are slower than 2 Mbit/s. */
const crowdBytesPerMs = 250
/** ms between two signs to the worker that its demands are being worked on: well within its patience of 2 s. */
const workingInterval = 1000
/** ms after which a silent peer is given up: before the worker takes the page itself for silent, which is 2 s. */
const stallMs = 1200

type Output<Type extends EngineOutput['type']> = Extract<EngineOutput, { type: Type }>

/** What {@link PageSwarm} is given and whom it tells. */
export interface PageSwarmOptions {
  readonly key: PeerKey
  readonly store: ChunkStore
  /** What the id of an asset is put after for each copy of it. */
  readonly mirrors: readonly string[]
  readonly tellWorker: (message: PageMessage) => void
  readonly tellTracker: (message: TrackerClientMessage) => void
  /** A connection to this peer is open. */
  readonly onPeer: (peer: PeerId) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A peer said what it holds. */
  readonly onHoldings: () => void
}

/** Carries out what the engine decides: hashes, stores, sends, fetches, and answers the worker. */
export class PageSwarm {
  readonly peers: Peers
  readonly #assets = new Map<AssetId, Asset>()
  readonly #options: PageSwarmOptions
  readonly #store: ChunkStore
  readonly #servers = new HttpServers(() => performance.now())
  readonly #engine: Engine
  readonly #driver: EngineDriver
  /** Chunks are told in the order they were delivered, however long it takes to read them. */
  #told = Promise.resolve()
  /** The latest request that began with each chunk. */
  readonly #fetches = new Map<string, AbortController>()
  /** Bytes of the demands under way. */
  readonly #demands = new Map<DemandId, number>()
  #size = 1
  #timer: ReturnType<typeof setTimeout> | undefined
  #working: ReturnType<typeof setInterval> | undefined

  constructor(manifest: Manifest, options: PageSwarmOptions) {
    this.#options = options
    this.#store = options.store
    this.#engine = new Engine({ manifestVersion: manifest.version, stallMs }, Math.random)
    this.#driver = new EngineDriver(this.#engine, this.#effects(), () => performance.now())
    this.peers = new Peers({
      onSignal: (to, signal) => options.tellTracker({ type: 'signal', to, signal }),
      onJoined: (peer) => {
        options.onPeer(peer)
        this.#handle({ type: 'peer-joined', peer })
      },
      onLeft: (peer) => this.#handle({ type: 'peer-left', peer }),
      onMessage: (peer: PeerId, message: PeerMessage) => {
        this.#handle({ type: 'peer-message', peer, message })
        if (message.type === 'bitfield') options.onHoldings()
      },
    })
  }

  /** Assets of the post's manifest, or of a newer one. What the browser kept of them is offered again. */
  learn(assets: readonly Asset[]): void {
    const added = assets.filter(({ id }) => !this.#assets.has(id))
    for (const asset of added) {
      this.#assets.set(asset.id, asset)
      this.#handle({ type: 'asset', asset })
    }
    this.#attempt(this.#offerStored(added))
  }

  /** An asset that it was told of. */
  asset(id: AssetId): Asset | undefined {
    return this.#assets.get(id)
  }

  /** Whether any of these chunks can be had without the origin. */
  canServe(asset: AssetId, first: number, last: number): boolean {
    return this.#engine.canServe(asset, first, last)
  }

  /** A chunk that came without the engine's doing, of any asset. It is verified before it is offered. */
  take(
    asset: AssetId,
    chunk: { readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> },
    source: 'origin' | 'local',
  ): void {
    const { index, bytes } = chunk
    if (this.#assets.has(asset)) this.#handle({ type: 'chunk', asset, index, bytes, source })
  }

  /** About so many readers are in the swarm. */
  resize(peers: number): void {
    this.#size = peers
    this.#handle({ type: 'swarm-size', peers })
  }

  /** So much may be given from now on. */
  allow(share: UploadShare): void {
    this.#handle({ type: 'upload-allowance', ...share })
  }

  /** A stored chunk, of any asset, is there no more. */
  lose(asset: AssetId, index: number): void {
    if (this.#assets.has(asset)) this.#handle({ type: 'chunk-lost', asset, index })
  }

  /**
   * Closes every connection, for good; also when something failed that never should. Demands under way go on at the
   * origin: the worker is told, and waits for nothing.
   */
  stop(): void {
    for (const demand of this.#demands.keys()) this.#options.tellWorker({ type: 'failed', demand })
    this.#assets.clear()
    this.peers.dropAll()
    clearTimeout(this.#timer)
    clearInterval(this.#working)
  }

  /**
   * Takes a demand of the worker when anything of it can come from here or from peers; else says `origin`. What is wanted
   * as a whole is taken in any company: what each would take from the origin alone, all take once.
   */
  demand({ demand, asset: id, first, last, whole }: Extract<WorkerMessage, { type: 'demand' }>): void {
    const asset = this.#assets.get(id)
    const isHeld = this.canServe(id, first, last)
    if (!asset || !(isHeld || (whole && this.peers.count > 0))) {
      this.#options.tellWorker({ type: 'origin', demand })
      return
    }
    this.#options.tellWorker({ type: 'accept', demand })
    const isCrowd = whole && this.#size >= crowd
    const rate = isCrowd ? crowdBytesPerMs : bytesPerMs
    let before = 0
    if (whole) for (const other of this.#demands.values()) before += other
    this.#begin(demand, (last - first + 1) * asset.chunkSize)
    this.#handle({
      type: 'demand',
      demand,
      asset: id,
      first,
      last,
      order: whole ? 'any' : 'sequential',
      deadline: performance.now() + (isHeld || isCrowd ? demandPatience : 0) + before / rate,
      pace: asset.chunkSize / rate,
    })
  }

  /** Ends all that the worker demanded. */
  endDemands(): void {
    for (const demand of this.#demands.keys()) this.endDemand(demand)
  }

  /** The worker has what it wanted, or does not want it any more. */
  endDemand(demand: DemandId): void {
    this.#end(demand)
    this.#handle({ type: 'demand-ended', demand })
  }

  #handle(input: EngineInput): void {
    try {
      this.#driver.handle(input)
    } catch {
      this.stop()
    }
  }

  #attempt(work: Promise<void>): void {
    work.catch(() => this.stop())
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
      'send-chunk': (chunk) => this.#attempt(this.#sendChunk(chunk)),
      drop: ({ peer }) => this.peers.drop(peer),
      fetch: (range) => this.#attempt(this.#fetch(range)),
      'cancel-fetch': ({ asset, index }) => this.#fetches.get(asset + index)?.abort(),
      verify: (chunk) => this.#attempt(this.#verify(chunk)),
      store: ({ asset, index, bytes }) => this.#store.put(asset, index, bytes),
      deliver: ({ demand, asset, index, source }) => this.#deliver(demand, { asset, index, source }),
      connect: ({ peers }) => {
        const wanted = Math.min(peers, this.peers.room)
        if (wanted > 0) this.#options.tellTracker({ type: 'want', peers: wanted })
      },
      accuse: ({ proof }) => this.#options.tellTracker({ type: 'accuse', proof }),
      'send-receipt': (receipt) => this.#attempt(this.#sendReceipt(receipt)),
      claim: ({ peer, bytes, signature }) =>
        this.#options.tellTracker({ type: 'claim', peer, bytes, signature: encodeBase64Url(signature) }),
      'demand-failed': ({ demand }) => {
        this.#end(demand)
        this.#tellInTurn({ type: 'failed', demand })
      },
      'set-timer': ({ at }) => {
        clearTimeout(this.#timer)
        const delay = Math.max(0, Math.ceil(at - performance.now()))
        this.#timer = setTimeout(() => this.#handle({ type: 'timer' }), delay)
      },
      report: ({ event }) => {
        if (event.kind === 'fallback') this.#options.tellWorker({ type: 'fallback', demand: event.demand })
        this.#options.onEvent(event)
      },
    }
  }

  async #sendChunk({ peer, asset, index }: Output<'send-chunk'>): Promise<void> {
    const bytes = await this.#read(asset, index)
    const listed = this.#assets.get(asset)
    if (!bytes || !listed) {
      this.#handle({ type: 'chunk-lost', asset, index, unsent: peer })
      return
    }
    const signature = await this.#options.key.signChunk(asset, index, chunkHash(listed, index))
    const sent = await this.peers.sendAll(peer, framesOf({ asset, index, signature }, bytes))
    if (sent) this.#handle({ type: 'chunk-sent', peer, asset, index })
  }

  async #sendReceipt({ peer, bytes }: Output<'send-receipt'>): Promise<void> {
    const signature = await this.#options.key.signReceipt(peer, bytes)
    this.peers.send(peer, { type: 'receipt', bytes, signature })
  }

  async #fetch({ asset: id, first, last }: Output<'fetch'>): Promise<void> {
    const asset = this.#assets.get(id)
    if (!asset) return
    let next = first
    const abort = new AbortController()
    const { signal } = abort
    this.#fetches.set(id + first, abort)
    try {
      const { mirrors } = this.#options
      const order = isSavedPage() ? 'mirrors-first' : 'origin-first'
      // The engine must hear it when the origin has something else by now.
      const extent = { first, last, mirrors, order, verify: 'mirrors', signal } as const
      for await (const { index, bytes, source } of this.#servers.chunks(asset, extent)) {
        if (index < first) {
          this.take(id, { index, bytes }, 'origin')
          continue
        }
        if (index > last) break
        this.#handle({ type: 'fetched', asset: id, index, bytes, source })
        next = index + 1
      }
    } catch {
      // Told below: the engine decides what comes next.
    }
    if (next <= last && !signal.aborted) this.#handle({ type: 'fetch-failed', asset: id, first: next, last })
  }

  async #verify({ verification, asset: id, index, bytes, claimed }: Output<'verify'>): Promise<void> {
    const asset = this.#assets.get(id)
    const hash = await sha256(bytes)
    const valid = asset !== undefined && isChunkHash(asset, index, hash)
    const proof = valid || !claimed ? undefined : await proofOf(claimed, { asset: id, index }, hash)
    this.#handle({ type: 'verified', verification, valid, proof })
  }

  #deliver(
    demand: DemandId,
    {
      asset,
      index,
      source,
    }: { readonly asset: AssetId; readonly index: number; readonly source: ChunkSource },
  ): void {
    // What cannot be read is lost.
    const read = this.#read(asset, index).catch(() => undefined)
    this.#tellInTurn(
      read.then((bytes): PageMessage => {
        if (bytes) return { type: 'chunk', demand, index, bytes, source: this.#byteSource(source) }
        this.lose(asset, index)
        this.endDemand(demand)
        return { type: 'failed', demand }
      }),
    )
  }

  #tellInTurn(message: PageMessage | Promise<PageMessage>): void {
    this.#told = this.#told
      .then(() => message)
      .then(this.#options.tellWorker)
      .catch(() => this.stop())
  }

  async #read(id: AssetId, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const asset = this.#assets.get(id)
    return asset && this.#store.get(asset, index)
  }

  async #offerStored(assets: readonly Asset[]): Promise<void> {
    for (const asset of assets)
      for await (const chunk of this.#store.stored(asset)) this.take(asset.id, chunk, 'local')
  }

  #byteSource(source: ChunkSource): ByteSource {
    if (source.kind === 'local') return 'cache'
    return source.kind === 'peer' && this.peers.isSeed(source.peer) ? 'seed' : source.kind
  }
}
