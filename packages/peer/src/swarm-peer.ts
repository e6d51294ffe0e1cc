import {
  type ChunkSource,
  type DemandId,
  type Effects,
  Engine,
  EngineDriver,
  type EngineInput,
  type EngineOptions,
  type EngineOutput,
  framesOf,
  type HttpOrder,
  type SwarmEvent,
} from '@peerpress/swarm'
import {
  type Asset,
  type AssetId,
  chunkCount,
  chunkHash,
  encodeBase64Url,
  type PeerId,
  type TrackerServerMessage,
} from '@peerpress/wire'
import type { ChunkStore } from './chunk-store.ts'
import type { OpenChannel } from './connections/channel.ts'
import { Peers } from './connections/peers.ts'
import { isChunkHash, sha256 } from './crypto/chunk-hash.ts'
import { PeerKey, proofOf } from './crypto/peer-key.ts'
import { HttpServers } from './http/http-servers.ts'
import type { Platform } from './platform.ts'
import type { PublishedPost } from './published-post.ts'
import { TrackerLine } from './tracker/tracker-line.ts'

/** Maximum of introductions that are requested at a time. */
const maxWanted = 12

type Output<Type extends EngineOutput['type']> = Extract<EngineOutput, { type: Type }>

/** A chunk that the engine delivers, and where it came from. */
export interface Delivery {
  readonly asset: AssetId
  readonly index: number
  readonly source: ChunkSource
}

/** What a {@link SwarmPeer} needs, and where it reports. */
export interface SwarmPeerOptions {
  readonly platform: Platform
  readonly openChannel: OpenChannel
  readonly store: ChunkStore
  /** Origin of the PeerPress server. */
  readonly server: string
  /** Gets a ticket; null if the site's policy admits this peer no more. A rejection counts as a failed attempt. */
  readonly fetchTicket: () => Promise<string | null>
  /** Attempts at the tracker in a row; Infinity for a peer that never gives up. */
  readonly maxAttempts: number
  /** Waits until one more request to origin and mirrors may begin. The returned function is called when it ended. */
  readonly fetchTurn?: () => Promise<() => void>
  readonly httpOrder: () => HttpOrder
  readonly engine?: Omit<EngineOptions, 'manifestVersion'>
  /** A chunk of a demand is in the store. */
  readonly onDelivered: (demand: DemandId, delivery: Delivery) => void
  /** The rest of a demand will not come. */
  readonly onDemandFailed: (demand: DemandId) => void
  readonly onEvent: (event: SwarmEvent) => void
  /** A connection to this peer is open. */
  readonly onPeer?: (peer: PeerId) => void
  /** A peer reported which chunks it holds. */
  readonly onHoldings?: () => void
  /** The tracker sent a message, which was handled. */
  readonly onTracker?: (message: TrackerServerMessage) => void
  /** The site's policy admits this peer no more: its connections were closed. */
  readonly onRefused: () => void
  /** Something failed, and only one connection ended for it. */
  readonly onProblem?: (problem: unknown) => void
  /** Something failed that never should: this peer may not work any more. */
  readonly onBroken: (problem: unknown) => void
}

/** A peer in the swarm of one post: carries out what the engine decides, on the platform that it is given. */
export class SwarmPeer {
  readonly peers: Peers
  /** About how many peers are in the swarm, this one included; 0 until the tracker reports it. */
  size = 0
  /** URL prefixes of the copies, which may change: each is followed by an asset's id. */
  mirrors: readonly string[]
  readonly #options: SwarmPeerOptions
  readonly #assets = new Map<AssetId, Asset>()
  readonly #engine: Engine
  readonly #driver: EngineDriver
  readonly #key: PeerKey
  readonly #line: TrackerLine
  readonly #servers: HttpServers
  /** The running requests, by the chunk that each begins with. */
  readonly #fetches = new Map<string, AbortController>()
  #verifying = Promise.resolve()
  #cancelTimer = (): void => {}
  #isStopped = false

  constructor({ manifest: { version }, mirrors }: PublishedPost, options: SwarmPeerOptions) {
    this.#options = options
    this.mirrors = mirrors
    const { platform, server } = options
    this.#engine = new Engine({ ...options.engine, manifestVersion: version }, platform.random)
    this.#driver = new EngineDriver(this.#engine, this.#effects(), platform.now)
    this.#key = new PeerKey(platform.subtle)
    this.#servers = new HttpServers(platform)
    this.#line = new TrackerLine({
      ...options,
      url: `${server.replace(/^http/, 'ws')}/v1/tracker`,
      join: async () => {
        const ticket = await options.fetchTicket()
        return ticket === null ? null : this.#key.join(ticket)
      },
      onRefused: () => {
        this.peers.dropAll()
        options.onRefused()
      },
      hasPeers: () => this.peers.count > 0,
      onMessage: (message) => {
        this.#hearTracker(message)
        options.onTracker?.(message)
      },
    })
    this.peers = new Peers({
      ...options,
      setTimer: platform.setTimer,
      onSignal: (to, signal) => this.#line.send({ type: 'signal', to, signal }),
      onJoined: (peer) => {
        options.onPeer?.(peer)
        this.handle({ type: 'peer-joined', peer })
      },
      onLeft: (peer) => this.handle({ type: 'peer-left', peer }),
      onMessage: (peer, message) => {
        this.handle({ type: 'peer-message', peer, message })
        if (message.type === 'bitfield') options.onHoldings?.()
      },
      onGarbage: (peer) => this.handle({ type: 'peer-garbage', peer }),
    })
  }

  /** Joins the swarm; also again after the site's policy had refused this peer. */
  start(): void {
    if (!this.#isStopped) this.#line.start()
  }

  /** Leaves the swarm for good: closes every connection and ends every request. */
  stop(): void {
    this.#isStopped = true
    this.#line.stop()
    this.#cancelTimer()
    for (const abort of this.#fetches.values()) abort.abort()
    this.peers.dropAll()
    this.#assets.clear()
  }

  /** Adds assets of the post's manifest, or of a newer one. Resolves when the chunks in the store are offered. */
  async learn(assets: readonly Asset[]): Promise<void> {
    const added = assets.filter(({ id }) => !this.#assets.has(id))
    for (const asset of added) {
      this.#assets.set(asset.id, asset)
      this.handle({ type: 'asset', asset })
    }
    const { store } = this.#options
    await store.opened
    for (const asset of added)
      for (let index = 0; index < chunkCount(asset); index++) {
        const bytes = store.has(asset, index) && (await store.get(asset, index))
        if (this.#isStopped) return
        if (!bytes) continue
        this.take(asset.id, { index, bytes }, 'local')
        // One after the other: the chunks of a full store do not fit in memory.
        await this.#verifying
      }
  }

  asset(id: AssetId): Asset | undefined {
    return this.#assets.get(id)
  }

  /** Returns whether any of these chunks can be had without the origin. */
  canServe(asset: AssetId, first: number, last: number): boolean {
    return this.#engine.canServe(asset, first, last)
  }

  /** Takes a chunk that the engine did not request, of any asset. It is verified before it is offered. */
  take(
    asset: AssetId,
    chunk: { readonly index: number; readonly bytes: Uint8Array<ArrayBuffer> },
    source: 'origin' | 'local',
  ): void {
    const { index, bytes } = chunk
    if (this.#assets.has(asset)) this.handle({ type: 'chunk', asset, index, bytes, source })
  }

  /** Reports that the store has lost a chunk, of any asset. */
  lose(asset: AssetId, index: number): void {
    if (this.#assets.has(asset)) this.handle({ type: 'chunk-lost', asset, index })
  }

  /** Returns a chunk from the store; undefined if it is lost. */
  async read(id: AssetId, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const asset = this.#assets.get(id)
    return asset && this.#options.store.get(asset, index)
  }

  /** Passes an input to the engine. Nothing happens after `stop()`. */
  handle(input: EngineInput): void {
    if (this.#isStopped) return
    try {
      this.#driver.handle(input)
    } catch (problem) {
      this.#options.onBroken(problem)
    }
  }

  #hearTracker(message: TrackerServerMessage): void {
    switch (message.type) {
      case 'welcome':
        this.peers.ice = message
        break
      case 'swarm':
        this.size = message.peers
        this.handle({ type: 'swarm-size', peers: this.size })
        break
      case 'introduce':
        this.peers.introduce(message)
        break
      case 'signal':
        this.peers.signal(message.from, message.signal)
        break
      case 'banned':
        this.peers.drop(message.peer)
        break
      case 'left':
      case 'error':
      // A peer that left the tracker may still be connected; after an error the tracker closes the line itself.
    }
  }

  #effects(): Effects {
    const { onEvent, onDelivered, onDemandFailed, platform, store } = this.#options
    return {
      send: ({ peer, message }) => this.peers.send(peer, message),
      'send-chunk': (chunk) => {
        this.#sendChunk(chunk).catch((problem: unknown) => {
          this.#options.onProblem?.(problem)
          // The peer waits for this chunk: it must request it from others.
          this.peers.drop(chunk.peer)
        })
      },
      drop: ({ peer }) => this.peers.drop(peer),
      fetch: (range) => this.#attempt(this.#fetch(range)),
      'cancel-fetch': ({ asset, index }) => this.#fetches.get(asset + index)?.abort(),
      verify: (chunk) => this.#attempt((this.#verifying = this.#verify(chunk))),
      store: ({ asset, index, bytes }) => {
        const listed = this.#assets.get(asset)
        if (listed) store.put(listed, index, bytes)
      },
      deliver: ({ demand, ...delivery }) => onDelivered(demand, delivery),
      connect: ({ peers }) => {
        const wanted = Math.min(peers, this.peers.room, maxWanted)
        if (wanted > 0) this.#line.send({ type: 'want', peers: wanted })
      },
      accuse: ({ proof }) => this.#line.send({ type: 'accuse', proof }),
      'send-receipt': (receipt) => this.#attempt(this.#sendReceipt(receipt)),
      claim: ({ peer, bytes, signature }) =>
        this.#line.send({ type: 'claim', peer, bytes, signature: encodeBase64Url(signature) }),
      'demand-failed': ({ demand }) => onDemandFailed(demand),
      'set-timer': ({ at }) => {
        this.#cancelTimer()
        const delay = Math.max(0, Math.ceil(at - platform.now()))
        this.#cancelTimer = platform.setTimer(() => this.handle({ type: 'timer' }), delay)
      },
      report: ({ event }) => onEvent(event),
    }
  }

  #attempt(work: Promise<void>): void {
    work.catch((problem: unknown) => this.#options.onBroken(problem))
  }

  async #sendChunk({ peer, asset, index }: Output<'send-chunk'>): Promise<void> {
    const bytes = await this.read(asset, index)
    const listed = this.#assets.get(asset)
    if (!bytes || !listed) {
      this.handle({ type: 'chunk-lost', asset, index, unsent: peer })
      return
    }
    const signature = await this.#key.signChunk(asset, index, chunkHash(listed, index))
    const sent = await this.peers.sendAll(peer, framesOf({ asset, index, signature }, bytes))
    if (sent) this.handle({ type: 'chunk-sent', peer, asset, index })
  }

  async #sendReceipt({ peer, bytes }: Output<'send-receipt'>): Promise<void> {
    const signature = await this.#key.signReceipt(peer, bytes)
    this.peers.send(peer, { type: 'receipt', bytes, signature })
  }

  async #fetch({ asset: id, first, last }: Output<'fetch'>): Promise<void> {
    const asset = this.#assets.get(id)
    if (!asset) return
    const { store, httpOrder, fetchTurn } = this.#options
    const abort = new AbortController()
    const { signal } = abort
    this.#fetches.set(id + first, abort)
    const done = await fetchTurn?.()
    let next = first
    try {
      signal.throwIfAborted()
      const { mirrors } = this
      // The engine must learn of an origin whose bytes changed: it verifies what the origin sends.
      const extent = { first, last, mirrors, order: httpOrder(), verify: 'mirrors', signal } as const
      for await (const { index, bytes, source } of this.#servers.chunks(asset, extent)) {
        if (index > last || (await store.room?.()) === false) break
        if (index < first) {
          // An origin that ignores Range sends what comes before as well.
          this.take(id, { index, bytes }, 'origin')
          continue
        }
        this.handle({ type: 'fetched', asset: id, index, bytes, source })
        next = index + 1
      }
    } catch {
      // Reported below: the engine decides what comes next.
    }
    done?.()
    // A later request may have begun with the same chunk.
    if (this.#fetches.get(id + first) === abort) this.#fetches.delete(id + first)
    if (next <= last && !signal.aborted) this.handle({ type: 'fetch-failed', asset: id, first: next, last })
  }

  async #verify({ verification, asset: id, index, bytes, claimed }: Output<'verify'>): Promise<void> {
    const { subtle } = this.#options.platform
    const asset = this.#assets.get(id)
    const hash = await sha256(bytes, subtle)
    const valid = asset !== undefined && isChunkHash(asset, index, hash)
    const proof = valid || !claimed ? undefined : await proofOf(claimed, { asset: id, index, hash }, subtle)
    this.handle({ type: 'verified', verification, valid, proof })
  }
}
