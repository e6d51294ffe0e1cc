import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SwarmEvent } from '@peerpress/swarm'
import type { Asset, Manifest } from '@peerpress/wire'
import type { ChunkStore } from '../chunk-store.ts'
import { Figures, receivedBytes } from '../figures.ts'
import type { Platform } from '../platform.ts'
import { SwarmPeer, type SwarmPeerOptions } from '../swarm-peer.ts'
import { openMemoryChannel as openChannel } from './memory-channel.testing.ts'
import { TestTracker } from './test-tracker.testing.ts'

export const chunkSize = 64 * 1024
export const chunks = 4
export const film = Buffer.alloc(
  chunks * chunkSize - 100,
  Buffer.from(Array.from({ length: 251 }, (_, i) => i)),
)
const hashes = Buffer.concat(
  Array.from({ length: chunks }, (_, i) =>
    createHash('sha256')
      .update(film.subarray(i * chunkSize, (i + 1) * chunkSize))
      .digest(),
  ),
)

/** A store in memory. A test may replace its methods. */
export class TestStore implements ChunkStore {
  readonly opened = Promise.resolve()
  readonly chunks = new Map<number, Uint8Array<ArrayBuffer>>()

  constructor(indices: readonly number[] = []) {
    for (const index of indices)
      this.chunks.set(index, new Uint8Array(film.subarray(index * chunkSize, (index + 1) * chunkSize)))
  }

  has(_: Asset, index: number): boolean {
    return this.chunks.has(index)
  }

  get(_: Asset, index: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return Promise.resolve(this.chunks.get(index))
  }

  put(_: Asset, index: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.chunks.set(index, bytes)
  }

  room?(): Promise<boolean>
}

/** A peer of a test, and what happened to it. */
export interface TestPeer {
  readonly peer: SwarmPeer
  readonly store: TestStore
  readonly figures: Figures
  /** Bytes of verified chunks from other peers and HTTP servers. */
  readonly received: () => number
  /** `kind index` of each chunk that was delivered. */
  readonly delivered: string[]
  readonly problems: unknown[]
  readonly broken: unknown[]
  /** Resolves when this event comes the next time. */
  readonly next: (kind: SwarmEvent['kind'] | 'peer' | 'holdings' | 'delivered' | 'failed') => Promise<unknown>
  readonly timers: Set<object>
}

/** A tracker, an origin that has a film of four chunks, and the peers that joined. */
export class TestSwarm {
  readonly #platform: Platform
  readonly #origin: Server
  readonly #running: SwarmPeer[] = []
  readonly tracker: TestTracker
  readonly asset: Asset
  /** Answers the requests to the origin. */
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) =>
    response.writeHead(503).end()
  /** Requests to the origin. */
  requests = 0

  static async start(platform: Platform): Promise<TestSwarm> {
    const tracker = await TestTracker.start()
    const origin = createServer()
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    return new TestSwarm(platform, tracker, origin)
  }

  private constructor(platform: Platform, tracker: TestTracker, origin: Server) {
    this.#platform = platform
    this.tracker = tracker
    this.#origin = origin
    origin.on('request', (request, response) => {
      this.requests++
      this.answer(request, response)
    })
    this.asset = {
      id: createHash('sha256').update(hashes).digest('hex'),
      url: `http://127.0.0.1:${(origin.address() as AddressInfo).port}/film`,
      type: 'video/mp4',
      size: film.length,
      chunkSize,
      hashes: new Uint8Array(hashes),
    }
  }

  close(): void {
    for (const peer of this.#running) peer.stop()
    this.tracker.close()
    this.#origin.closeAllConnections()
    this.#origin.close()
  }

  async join(
    store = new TestStore(),
    options: Partial<SwarmPeerOptions> = {},
    maxPeers = 12,
  ): Promise<TestPeer> {
    const platform = this.#platform
    const manifest: Manifest = {
      site: 'abcdefghij123456',
      post: '1',
      version: 1,
      issuedAt: 0,
      url: 'https://example.org/',
      revoked: false,
      assets: [this.asset],
    }
    const figures = new Figures()
    let received = 0
    const [delivered, problems, broken]: [string[], unknown[], unknown[]] = [[], [], []]
    const waiting = new Map<string, PromiseWithResolvers<unknown>>()
    const timers = new Set<object>()
    const happened = (kind: string, what?: unknown): void => {
      const waiter = waiting.get(kind)
      waiting.delete(kind)
      waiter?.resolve(what)
    }
    const peer = new SwarmPeer(
      { manifest, mirrors: [] },
      {
        platform: {
          ...platform,
          setTimer(callback, ms) {
            const timer = {}
            timers.add(timer)
            const cancel = platform.setTimer(() => {
              timers.delete(timer)
              callback()
            }, ms)
            return () => {
              timers.delete(timer)
              cancel()
            }
          },
        },
        openChannel,
        store,
        server: this.tracker.url,
        fetchTicket: () => Promise.resolve('ticket'),
        maxAttempts: 8,
        httpOrder: () => 'origin-first',
        onDelivered(_, { index, source }) {
          delivered.push(`${source.kind} ${index}`)
          happened('delivered', index)
        },
        onDemandFailed: (id) => happened('failed', id),
        onEvent(event) {
          figures.add(event)
          received += receivedBytes(event)
          happened(event.kind, event)
        },
        onPeer: (other) => happened('peer', other),
        onHoldings: () => happened('holdings'),
        onRefused: () => happened('refused'),
        onProblem: (problem) => problems.push(problem),
        onBroken: (problem) => broken.push(problem),
        ...options,
      },
    )
    this.#running.push(peer)
    peer.peers.limit(maxPeers)
    await peer.learn([this.asset])
    peer.start()
    const next: TestPeer['next'] = (kind) => {
      const waiter = waiting.get(kind) ?? Promise.withResolvers<unknown>()
      waiting.set(kind, waiter)
      return waiter.promise
    }
    return { peer, store, figures, received: () => received, delivered, problems, broken, next, timers }
  }

  /** Has a peer request the chunks from `first` on. */
  demand({ peer }: TestPeer, deadline = Infinity, first = 0): void {
    const last = chunks - 1
    peer.handle({
      type: 'demand',
      demand: 1,
      asset: this.asset.id,
      first,
      last,
      deadline,
      order: 'any',
    })
  }
}

/** Resolves when all four chunks were delivered. */
export async function all(to: TestPeer): Promise<void> {
  while (to.delivered.length < chunks) await to.next('delivered')
}

/** Answers a request of a range as an origin does. */
export function serve({ headers }: IncomingMessage, response: ServerResponse): void {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${film.length}` })
  response.end(film.subarray(Number(start), Number(end) + 1))
}
