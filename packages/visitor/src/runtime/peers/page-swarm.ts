import { type Delivery, SwarmPeer } from '@peerpress/peer'
import type { ChunkSource, DemandId, SwarmEvent } from '@peerpress/swarm'
import type { Asset, PeerId } from '@peerpress/wire'
import type { ByteSource, PageMessage, ShownPost, WorkerMessage } from '../../port-message.ts'
import { webPlatform } from '../../web-platform.ts'
import { isSavedPage } from '../page/is-saved-page.ts'
import type { PageChunkStore } from '../storage/page-chunk-store.ts'
import { openChannel } from './open-channel.ts'
import { fetchTicket } from './ticket-source.ts'

/** ms before a demand prefers the origin. There is no such time if readers are few and no peer holds any of the chunks. */
const demandTimeout = 1000
/** A demand prefers the origin to peers that are slower than 8 Mbit/s, if the origin has few readers to serve … */
const bytesPerMs = 1000
/** … up to this many. From here on it is a flash crowd, and the origin is too busy to help … */
const crowdSize = 10
/** … unless peers together are slower than 2 Mbit/s. */
const crowdBytesPerMs = 250
/** ms between two `working` messages for a demand: the worker gives a demand up after 2 s without a message. */
const workingInterval = 1000
/** ms after which a silent peer is given up: before the worker gives up the page, which is after 2 s. */
const stallMs = 1200
/** Failures in a row after which the page makes no further attempt at the tracker. */
const maxAttempts = 8

/** What {@link PageSwarm} needs, and where it reports. */
export interface PageSwarmOptions {
  readonly store: PageChunkStore
  readonly tellWorker: (message: PageMessage) => void
  /** A connection to this peer is open. */
  readonly onPeer: (peer: PeerId) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A peer reported which chunks it holds. */
  readonly onHoldings: () => void
}

/** This browser's peer in the swarm of one post. It answers the worker's demands. */
export class PageSwarm {
  readonly peer: SwarmPeer
  /** The pages that show the post. */
  readonly pages = new Set<string>()
  /** The site's policy is stricter than the page that joined states: this swarm has no peers any more. */
  isRefused = false
  readonly #options: PageSwarmOptions
  /** Chunks are sent in the order they were delivered, however long it takes to read them. */
  #told = Promise.resolve()
  /** Bytes of the pending demands. */
  readonly #demands = new Map<DemandId, number>()
  #working: ReturnType<typeof setInterval> | undefined

  /** Joins the swarm. */
  constructor({ config, manifest, mirrors }: ShownPost, options: PageSwarmOptions) {
    this.#options = options
    const { tellWorker, onEvent } = options
    this.peer = new SwarmPeer(
      { manifest, mirrors },
      {
        ...options,
        platform: webPlatform,
        openChannel,
        server: config.server,
        fetchTicket: () => fetchTicket(config),
        maxAttempts,
        httpOrder: () => (isSavedPage() ? 'mirrors-first' : 'origin-first'),
        engine: { stallMs },
        onDelivered: (demand, delivery) => this.#deliver(demand, delivery),
        onDemandFailed: (demand) => {
          this.#end(demand)
          this.#tellInTurn({ type: 'failed', demand })
        },
        onEvent(event) {
          if (event.kind === 'fallback') tellWorker({ type: 'fallback', demand: event.demand })
          onEvent(event)
        },
        onRefused: () => (this.isRefused = true),
        onBroken: () => this.stop(),
      },
    )
    this.peer.start()
  }

  /** Adds assets of the post's manifest, or of a newer one. */
  learn(assets: readonly Asset[]): void {
    this.peer.learn(assets).catch(() => this.stop())
  }

  /**
   * Closes every connection, for good; also after a failure that never should happen. The worker learns that no demand
   * will be met, and goes on at the origin.
   */
  stop(): void {
    this.peer.stop()
    for (const demand of this.#demands.keys()) {
      this.#end(demand)
      this.#options.tellWorker({ type: 'failed', demand })
    }
  }

  /**
   * Accepts a demand of the worker if this browser or a peer has any of its chunks; otherwise answers `origin`. A demand
   * for a whole asset is accepted as soon as the tracker has reported the swarm's size, even without peers. The engine
   * requests it from the origin, and from peers that connect meanwhile. Before the report the stored chunks may still be
   * unknown, and the browser's HTTP cache may hold the asset, which the engine's requests bypass.
   */
  demand({ demand, asset: id, first, last, whole }: Extract<WorkerMessage, { type: 'demand' }>): void {
    const asset = this.peer.asset(id)
    const isHeld = asset && this.peer.canServe(id, first, last)
    if (!asset || !(isHeld || (whole && this.peer.size > 0))) {
      this.#options.tellWorker({ type: 'origin', demand })
      return
    }
    this.#options.tellWorker({ type: 'accept', demand })
    const isCrowd = whole && this.peer.size >= crowdSize
    const rate = isCrowd ? crowdBytesPerMs : bytesPerMs
    let before = 0
    if (whole) for (const other of this.#demands.values()) before += other
    this.#begin(demand, (last - first + 1) * asset.chunkSize)
    this.peer.handle({
      type: 'demand',
      demand,
      asset: id,
      first,
      last,
      order: whole ? 'any' : 'sequential',
      deadline: performance.now() + (isHeld || isCrowd ? demandTimeout : 0) + before / rate,
      pace: asset.chunkSize / rate,
    })
  }

  /** Ends all demands of the worker. */
  endDemands(): void {
    for (const demand of this.#demands.keys()) this.endDemand(demand)
  }

  /** Ends a demand: the worker has all of it, or does not need it any more. */
  endDemand(demand: DemandId): void {
    this.#end(demand)
    this.peer.handle({ type: 'demand-ended', demand })
  }

  #begin(demand: DemandId, bytes: number): void {
    this.#demands.set(demand, bytes)
    this.#working ??= setInterval(() => {
      for (const pending of this.#demands.keys())
        this.#options.tellWorker({ type: 'working', demand: pending })
    }, workingInterval)
  }

  #end(demand: DemandId): void {
    this.#demands.delete(demand)
    if (this.#demands.size > 0) return
    clearInterval(this.#working)
    this.#working = undefined
  }

  #deliver(demand: DemandId, { asset, index, source }: Delivery): void {
    // A chunk that cannot be read is lost.
    const read = this.peer.read(asset, index).catch(() => undefined)
    this.#tellInTurn(
      read.then((bytes): PageMessage => {
        if (bytes) return { type: 'chunk', demand, index, bytes, source: this.#byteSource(source) }
        this.peer.lose(asset, index)
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

  #byteSource(source: ChunkSource): ByteSource {
    if (source.kind === 'local') return 'cache'
    return source.kind === 'peer' && this.peer.peers.isSeed(source.peer) ? 'seed' : source.kind
  }
}
