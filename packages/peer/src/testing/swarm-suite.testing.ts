import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { ChunkSource, SwarmEvent } from '@peerpress/swarm'
import type { Asset, Manifest, TrackerServerMessage } from '@peerpress/wire'
import type { ChunkStore } from '../chunk-store.ts'
import { PeerConnection } from '../connections/peer-connection.ts'
import { PeerKey } from '../crypto/peer-key.ts'
import { Figures, receivedBytes } from '../figures.ts'
import type { Platform } from '../platform.ts'
import { SwarmPeer, type SwarmPeerOptions } from '../swarm-peer.ts'
import { openMemoryChannel as openChannel } from './memory-channel.testing.ts'
import { TestTracker } from './test-tracker.testing.ts'

const chunkSize = 64 * 1024
const chunks = 4
const film = Buffer.alloc(chunks * chunkSize - 100, Buffer.from(Array.from({ length: 251 }, (_, i) => i)))
const hashes = Buffer.concat(
  Array.from({ length: chunks }, (_, i) =>
    createHash('sha256')
      .update(film.subarray(i * chunkSize, (i + 1) * chunkSize))
      .digest(),
  ),
)

/** A store in memory. A test may replace its methods. */
class TestStore implements ChunkStore {
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

/** Tests the whole peer with the platform of a shell. */
export function testSwarmPeer(platform: Platform): void {
  describe('in a swarm', { timeout: 60_000 }, () => swarm(platform))
}

interface TestPeer {
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

function swarm(platform: Platform): void {
  const everything = [0, 1, 2, 3]
  let tracker: TestTracker
  let origin: Server
  let asset: Asset
  let answer: (request: IncomingMessage, response: ServerResponse) => void
  let requests: number
  let running: SwarmPeer[]

  beforeEach(async () => {
    tracker = await TestTracker.start()
    requests = 0
    answer = (_, response) => response.writeHead(503).end()
    origin = createServer((request, response) => {
      requests++
      answer(request, response)
    })
    origin.listen(0, '127.0.0.1')
    await once(origin, 'listening')
    const url = `http://127.0.0.1:${(origin.address() as AddressInfo).port}/film`
    asset = {
      id: createHash('sha256').update(hashes).digest('hex'),
      url,
      type: 'video/mp4',
      size: film.length,
      chunkSize,
      hashes: new Uint8Array(hashes),
    }
    running = []
  })
  afterEach(() => {
    for (const peer of running) peer.stop()
    tracker.close()
    origin.closeAllConnections()
    origin.close()
  })

  async function join(
    store = new TestStore(),
    options: Partial<SwarmPeerOptions> = {},
    maxPeers = 12,
  ): Promise<TestPeer> {
    const manifest: Manifest = {
      site: 'abcdefghij123456',
      post: '1',
      version: 1,
      issuedAt: 0,
      url: 'https://example.org/',
      revoked: false,
      assets: [asset],
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
        server: tracker.url,
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
    running.push(peer)
    peer.peers.limit(maxPeers)
    await peer.learn([asset])
    peer.start()
    const next: TestPeer['next'] = (kind) => {
      const waiter = waiting.get(kind) ?? Promise.withResolvers<unknown>()
      waiting.set(kind, waiter)
      return waiter.promise
    }
    return { peer, store, figures, received: () => received, delivered, problems, broken, next, timers }
  }

  function demand({ peer }: TestPeer, deadline = Infinity, first = 0): void {
    const last = chunks - 1
    peer.handle({ type: 'demand', demand: 1, asset: asset.id, first, last, deadline, order: 'any' })
  }

  /** Resolves when all four chunks were delivered. */
  async function all(to: TestPeer): Promise<void> {
    while (to.delivered.length < chunks) await to.next('delivered')
  }

  function serve({ headers }: IncomingMessage, response: ServerResponse): void {
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
    response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${film.length}` })
    response.end(film.subarray(Number(start), Number(end) + 1))
  }

  test('gets from another peer what the origin cannot give, and both count it', async () => {
    const giver = await join(new TestStore(everything))
    const taker = await join()
    await taker.next('holdings')
    demand(taker)
    await all(taker)
    assert.deepEqual(
      taker.delivered.toSorted(),
      everything.map((index) => `peer ${index}`),
    )
    assert.deepEqual(
      Buffer.concat(everything.map((index) => taker.store.chunks.get(index) ?? Buffer.of())),
      film,
    )
    assert.equal(taker.received(), film.length)
    while (giver.figures.sent < film.length) await giver.next('sent')
    assert.equal(giver.received(), 0)
    assert.deepEqual([...giver.broken, ...taker.broken, ...giver.problems, ...taker.problems], [])
  })

  test('gets from the origin what no peer holds', async () => {
    answer = serve
    const reader = await join()
    demand(reader, 0)
    await all(reader)
    assert.ok(reader.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.equal(reader.received(), film.length)
  })

  test('takes what an origin that ignores Range sends before the first chunk', async () => {
    answer = (_, response) => response.end(film)
    const reader = await join(new TestStore([1]))
    demand(reader, 0, 2)
    while (reader.store.chunks.size < chunks) await reader.next('received')
    assert.ok(reader.store.has(asset, 0))
  })

  test('keeps wrong bytes of a peer out of the store, drops the peer and goes on at the origin', async () => {
    const liar = new TestStore(everything)
    await join(liar)
    liar.get = (_, index) => Promise.resolve(new Uint8Array(index === 3 ? chunkSize - 100 : chunkSize))
    answer = serve
    const reader = await join()
    await reader.next('holdings')
    const isDropped = reader.next('dropped') as Promise<{ readonly reason: string }>
    demand(reader, platform.now() + 60_000)
    assert.equal((await isDropped).reason, 'bad-chunk')
    await all(reader)
    assert.ok(reader.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.ok(reader.figures.rejectedChunks > 0)
    assert.equal(reader.figures.droppedPeers, 1)
  })

  test('drops, and reports, a peer that sends what is no message', async () => {
    const reader = await join()
    const key = await new PeerKey(platform.subtle).join('ticket')
    const socket = platform.openSocket(`${tracker.url.replace('http', 'ws')}/v1/tracker`)
    socket.addEventListener('open', () => socket.send(JSON.stringify(key)))
    let stranger: PeerConnection | undefined
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as TrackerServerMessage
      if (message.type === 'signal') stranger?.accept(message.signal)
      if (message.type !== 'introduce') return
      // The peer that joins second sends the offer; either may be second.
      const { role } = message
      stranger = new PeerConnection({
        openChannel,
        setTimer: platform.setTimer,
        ice: { iceServers: [] },
        role,
        onSignal: (signal) => socket.send(JSON.stringify({ type: 'signal', to: message.peer, signal })),
        onOpen: () => stranger?.send(Uint8Array.of(255)),
        onMessage: () => {},
        onClosed: () => {},
      })
    })
    const { reason } = (await reader.next('dropped')) as { reason: string }
    assert.equal(reason, 'protocol')
    stranger?.close()
    socket.close()
  })

  test('drops a peer whose chunk cannot be read, which then requests it elsewhere, and keeps the others', async () => {
    const store = new TestStore(everything)
    const giver = await join(store)
    const taker = await join()
    await taker.next('holdings')
    store.get = () => Promise.reject(new Error('the disk is gone'))
    answer = serve
    demand(taker, platform.now() + 60_000)
    await all(taker)
    assert.ok(taker.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.ok(giver.problems.length > 0)
    assert.deepEqual(giver.broken, [])
  })

  test('does not offer a chunk that its store lost, and goes on', async () => {
    const store = new TestStore(everything)
    await join(store)
    const taker = await join()
    await taker.next('holdings')
    store.chunks.delete(2)
    answer = serve
    demand(taker, platform.now() + 60_000)
    await all(taker)
    assert.ok(taker.delivered.includes('origin 2'))
  })

  test('takes no more from servers than its store has room for', async () => {
    answer = serve
    const store = new TestStore()
    let room = 2
    store.room = () => Promise.resolve(room-- > 0)
    const reader = await join(store)
    const failed = reader.next('failed')
    demand(reader, 0)
    await failed
    // What was taken is verified before it is stored.
    while (store.chunks.size < 2) await new Promise(setImmediate)
    assert.equal(requests, 1)
  })

  test('requests introductions, unless it has no room for another peer', async () => {
    for (const maxPeers of [0, 4]) {
      let now = 0
      let wake = (): void => {}
      const isSized = Promise.withResolvers<void>()
      const options: Partial<SwarmPeerOptions> = {
        platform: {
          ...platform,
          now: () => now,
          setTimer(callback) {
            wake = callback
            return () => {}
          },
        },
        onTracker({ type }) {
          if (type === 'swarm') isSized.resolve()
        },
      }
      const reader = await join(new TestStore(), options, maxPeers)
      await isSized.promise
      demand(reader)
      // The engine waits for some time before it wants more peers.
      now = 60_000
      wake()
      // The tracker has all messages of this peer when it gets its goodbye.
      reader.peer.stop()
      while (!tracker.received.some(({ type }) => type === 'leave')) await new Promise(setImmediate)
      const wants = tracker.received
        .splice(0)
        .flatMap((message) => (message.type === 'want' ? [message.peers] : []))
      assert.deepEqual(wants, maxPeers === 0 ? [] : [4])
    }
  })

  test('that is stopped ends its requests, its timers and its connections', async () => {
    const isAsked = Promise.withResolvers<void>()
    const isClosed = Promise.withResolvers<void>()
    answer = (_, response) => {
      response.on('close', isClosed.resolve)
      isAsked.resolve()
    }
    const other = await join(new TestStore([0]))
    const reader = await join()
    await reader.next('holdings')
    demand(reader, 0)
    await isAsked.promise
    reader.peer.stop()
    await isClosed.promise
    assert.equal(reader.timers.size, 0)
    assert.equal(reader.peer.peers.count, 0)
    while (other.peer.peers.count > 0) await new Promise(setImmediate)
    const before = requests
    reader.peer.handle({ type: 'timer' })
    reader.peer.start()
    demand(reader, 0)
    assert.deepEqual([reader.timers.size, requests], [0, before])
  })

  test('that the policy admits no more closes its connections, and may join again', async () => {
    let refusals = 0
    const giver = await join(new TestStore(everything))
    const reader = await join(new TestStore(), { onRefused: () => refusals++ })
    await reader.next('holdings')
    tracker.sendAll({ type: 'error', code: 'policy-changed', message: '' })
    while (giver.peer.peers.count > 0 || reader.peer.peers.count > 0) await new Promise(setImmediate)
    assert.equal(refusals, 1)
    giver.peer.start()
    reader.peer.start()
    await reader.next('holdings')
  })

  test('knows which chunks came from a seed', async () => {
    await join(new TestStore(everything))
    const sources: ChunkSource[] = []
    const reader = await join(new TestStore(), {
      onDelivered: (_, { source }) => sources.push(source),
    })
    await reader.next('holdings')
    demand(reader)
    while (sources.length < chunks) await reader.next('received')
    assert.ok(sources.every((source) => source.kind === 'peer' && reader.peer.peers.isSeed(source.peer)))
  })
}
