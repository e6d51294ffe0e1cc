import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { ChunkSource } from '@peerpress/swarm'
import type { TrackerServerMessage } from '@peerpress/wire'
import { PeerConnection } from '../connections/peer-connection.ts'
import { PeerKey } from '../crypto/peer-key.ts'
import type { Platform } from '../platform.ts'
import type { SwarmPeerOptions } from '../swarm-peer.ts'
import { openMemoryChannel as openChannel } from './memory-channel.testing.ts'
import { all, chunks, chunkSize, film, serve, TestStore, TestSwarm } from './test-swarm.testing.ts'

const everything = [0, 1, 2, 3]

/** Tests the whole peer with the platform of a shell. */
export function testSwarmPeer(platform: Platform): void {
  describe('in a swarm', { timeout: 60_000 }, () => testSwarm(platform))
}

function testSwarm(platform: Platform): void {
  let swarm: TestSwarm

  beforeEach(async () => {
    swarm = await TestSwarm.start(platform)
  })
  afterEach(() => swarm.close())

  test('gets from another peer what the origin cannot give, and both count it', async () => {
    const giver = await swarm.join(new TestStore(everything))
    const taker = await swarm.join()
    await taker.next('holdings')
    swarm.demand(taker)
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
    swarm.answer = serve
    const reader = await swarm.join()
    swarm.demand(reader, 0)
    await all(reader)
    assert.ok(reader.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.equal(reader.received(), film.length)
  })

  test('takes what an origin that ignores Range sends before the first chunk', async () => {
    swarm.answer = (_, response) => response.end(film)
    const reader = await swarm.join(new TestStore([1]))
    swarm.demand(reader, 0, 2)
    while (reader.store.chunks.size < chunks) await reader.next('received')
    assert.ok(reader.store.has(swarm.asset, 0))
  })

  test('keeps wrong bytes of a peer out of the store, drops the peer and goes on at the origin', async () => {
    const liar = new TestStore(everything)
    await swarm.join(liar)
    liar.get = (_, index) => Promise.resolve(new Uint8Array(index === 3 ? chunkSize - 100 : chunkSize))
    swarm.answer = serve
    const reader = await swarm.join()
    await reader.next('holdings')
    const isDropped = reader.next('dropped') as Promise<{ readonly reason: string }>
    swarm.demand(reader, platform.now() + 60_000)
    assert.equal((await isDropped).reason, 'bad-chunk')
    await all(reader)
    assert.ok(reader.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.ok(reader.figures.rejectedChunks > 0)
    assert.equal(reader.figures.droppedPeers, 1)
  })

  test('drops, and reports, a peer that sends what is no message', async () => {
    const reader = await swarm.join()
    const key = await new PeerKey(platform.subtle).join('ticket')
    const socket = platform.openSocket(`${swarm.tracker.url.replace('http', 'ws')}/v1/tracker`)
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
    const giver = await swarm.join(store)
    const taker = await swarm.join()
    await taker.next('holdings')
    store.get = () => Promise.reject(new Error('the disk is gone'))
    swarm.answer = serve
    swarm.demand(taker, platform.now() + 60_000)
    await all(taker)
    assert.ok(taker.delivered.every((chunk) => chunk.startsWith('origin ')))
    assert.ok(giver.problems.length > 0)
    assert.deepEqual(giver.broken, [])
  })

  test('does not offer a chunk that its store lost, and goes on', async () => {
    const store = new TestStore(everything)
    await swarm.join(store)
    const taker = await swarm.join()
    await taker.next('holdings')
    store.chunks.delete(2)
    swarm.answer = serve
    swarm.demand(taker, platform.now() + 60_000)
    await all(taker)
    assert.ok(taker.delivered.includes('origin 2'))
  })

  test('takes no more from servers than its store has room for', async () => {
    swarm.answer = serve
    const store = new TestStore()
    let room = 2
    store.room = () => Promise.resolve(room-- > 0)
    const reader = await swarm.join(store)
    const failed = reader.next('failed')
    swarm.demand(reader, 0)
    await failed
    // What was taken is verified before it is stored.
    while (store.chunks.size < 2) await new Promise(setImmediate)
    assert.equal(swarm.requests, 1)
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
      const reader = await swarm.join(new TestStore(), options, maxPeers)
      await isSized.promise
      swarm.demand(reader)
      // The engine waits for some time before it wants more peers.
      now = 60_000
      wake()
      // The tracker has all messages of this peer when it gets its goodbye.
      reader.peer.stop()
      while (!swarm.tracker.received.some(({ type }) => type === 'leave')) await new Promise(setImmediate)
      const wants = swarm.tracker.received
        .splice(0)
        .flatMap((message) => (message.type === 'want' ? [message.peers] : []))
      assert.deepEqual(wants, maxPeers === 0 ? [] : [4])
    }
  })

  test('that is stopped ends its requests, its timers and its connections', async () => {
    const isAsked = Promise.withResolvers<void>()
    const isClosed = Promise.withResolvers<void>()
    swarm.answer = (_, response) => {
      response.on('close', isClosed.resolve)
      isAsked.resolve()
    }
    const other = await swarm.join(new TestStore([0]))
    const reader = await swarm.join()
    await reader.next('holdings')
    swarm.demand(reader, 0)
    await isAsked.promise
    reader.peer.stop()
    await isClosed.promise
    assert.equal(reader.timers.size, 0)
    assert.equal(reader.peer.peers.count, 0)
    while (other.peer.peers.count > 0) await new Promise(setImmediate)
    const before = swarm.requests
    reader.peer.handle({ type: 'timer' })
    reader.peer.start()
    swarm.demand(reader, 0)
    assert.deepEqual([reader.timers.size, swarm.requests], [0, before])
  })

  test('that the policy admits no more closes its connections, and may join again', async () => {
    let refusals = 0
    const giver = await swarm.join(new TestStore(everything))
    const reader = await swarm.join(new TestStore(), { onRefused: () => refusals++ })
    await reader.next('holdings')
    swarm.tracker.sendAll({ type: 'error', code: 'policy-changed', message: '' })
    while (giver.peer.peers.count > 0 || reader.peer.peers.count > 0) await new Promise(setImmediate)
    assert.equal(refusals, 1)
    giver.peer.start()
    reader.peer.start()
    await reader.next('holdings')
  })

  test('knows which chunks came from a seed', async () => {
    await swarm.join(new TestStore(everything))
    const sources: ChunkSource[] = []
    const reader = await swarm.join(new TestStore(), {
      onDelivered: (_, { source }) => sources.push(source),
    })
    await reader.next('holdings')
    swarm.demand(reader)
    while (sources.length < chunks) await reader.next('received')
    assert.ok(sources.every((source) => source.kind === 'peer' && reader.peer.peers.isSeed(source.peer)))
  })
}
