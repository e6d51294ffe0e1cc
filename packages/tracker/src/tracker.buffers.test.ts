import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { closing, startTracker, type TestPeer } from './tracker.testing.ts'

const message = '{"type":"want","peers":1}'

/** Sends a message in a number of fragments, or all of them except the last. */
function sendInFragments(peer: TestPeer, fragments: number, { isWhole = true } = {}): void {
  for (let i = 0; i < fragments; i++) {
    const isLast = i === fragments - 1
    peer.socket.send(isLast && isWhole ? message.slice(i) : (message[i] ?? ' '), { fin: isLast && isWhole })
  }
}

test('accepts a message in sixteen fragments, and closes a connection that sends one in more', async (t) => {
  const on = await startTracker(t)
  const peer = await on.connect()
  sendInFragments(peer, 16)
  const answer = await peer.next()
  assert.ok(answer.type === 'error' && answer.code === 'not-joined')
  sendInFragments(peer, 17, { isWhole: false })
  assert.equal(await peer.closeCode(), 1008)
  await on.counted('fragmented')
})

test('closes a connection whose frame arrives byte by byte', async (t) => {
  const on = await startTracker(t)
  const { client, served } = await on.connectRaw()
  client.write(
    'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  )
  await once(client, 'data')
  // A text frame of 1000 bytes, masked with zeros.
  client.write(Buffer.of(0x81, 0xfe, 0x03, 0xe8, 0, 0, 0, 0))
  await once(served, 'data')
  for (let i = 0; i < 65; i++) {
    client.write(' ')
    await once(served, 'data')
  }
  await on.counted('fragmented')
  client.destroy()
  await closing(served)
})

test('limits the bytes of unfinished messages of one network, not of others', async (t) => {
  // 64 KiB, plus 4 KiB for each connection: 6 messages of 16,000 bytes.
  const on = await startTracker(t, { maxConnectionsPerNetwork: 10 })
  const hold = async (address?: string) => {
    const peer = await on.connect(address)
    peer.socket.send(' '.repeat(16_000), { fin: false })
    // The pong arrives after the fragment was read.
    peer.socket.ping()
    return peer
  }
  const peers = []
  for (let i = 0; i < 6; i++) {
    const peer = await hold()
    await once(peer.socket, 'pong')
    peers.push(peer)
  }
  assert.equal(await (await hold()).closeCode(), 1008)
  assert.equal(on.tracker.counts().unfinished, 1)
  const elsewhere = await hold('198.51.100.1')
  await once(elsewhere.socket, 'pong')
  // Ended connections and finished messages make room.
  peers[0]?.socket.terminate()
  await on.counted('disconnected', 2)
  await once((await hold()).socket, 'pong')
  peers[1]?.socket.send(message)
  await peers[1]?.next()
  await once((await hold()).socket, 'pong')
  assert.equal(on.tracker.counts().unfinished, 1)
})

test('releases the bytes of finished messages of every size', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { maxConnectionsPerNetwork: 1, now: () => now })
  const peer = await on.connect()
  for (const length of [25, 125, 126, 127, 1000, 16_384]) {
    for (let i = 0; i < 50; i++) {
      peer.socket.send(message.padEnd(length))
      peer.socket.ping('x'.repeat(i))
      await peer.next()
    }
    now += 60_000
  }
  assert.equal(on.tracker.counts().unfinished, 0)
  assert.equal(on.tracker.counts()['not-joined'], 300)
})

test('closes a connection that does not finish a message for half a minute', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const on = await startTracker(t)
  const [peer, other] = [await on.join(), await on.join()]
  await other.settle()
  peer.socket.send('{', { fin: false })
  // The pong arrives after all earlier bytes were read.
  const isRead = async () => {
    peer.socket.ping()
    await once(peer.socket, 'pong')
  }
  await isRead()
  const pinged = Promise.all([peer, other].map(({ socket }) => once(socket, 'ping')))
  t.mock.timers.tick(30_000)
  await pinged
  await isRead()
  assert.deepEqual(await other.settle(), [])
  t.mock.timers.tick(30_000)
  assert.equal(await peer.closeCode(), 1008)
  assert.equal(on.tracker.counts().unfinished, 1)
  assert.deepEqual(await other.next(), { type: 'left', peer: peer.id })
})

test('closes the connection of a reader for whom thousands of short messages wait', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const [notReading, served] = await on.joinServed()
  const sender = await on.join()
  await sender.next()
  notReading.socket.pause()
  await on.stall({ notReading, served, senders: [sender], wait: () => (now += 60_000) })
  const waiting = served.writableLength
  for (let i = 0; i < 45 && !served.destroyed; i++) {
    now += 60_000
    await on.provoke(notReading, served, 100)
  }
  assert.deepEqual(await sender.settle(), [{ type: 'left', peer: notReading.id }])
  assert.ok(waiting < 512 * 1024)
  assert.equal(on.tracker.counts()['slow-reader'], 1)
})

test('closes connections of a network if too much waits for its readers together, and counts off the bytes that they read', async (t) => {
  let now = Date.now()
  const wait = () => (now += 60_000)
  // 1 MiB, plus 64 KiB for each connection: the maximum of one reader may wait for three, not for four.
  const on = await startTracker(t, { now: () => now, maxConnectionsPerNetwork: 4 })
  const senders: TestPeer[] = []
  for (let i = 0; i < 6; i++) senders.push(await on.join('1', `198.51.${i}.1`))
  const fill = async (): Promise<[TestPeer, Socket]> => {
    const [notReading, served] = await on.joinServed()
    await notReading.settle()
    notReading.socket.pause()
    await on.stall({ notReading, served, senders, wait })
    while (!served.destroyed && served.writableLength < 350_000) {
      wait()
      await on.provoke(notReading, served, 290)
    }
    return [notReading, served]
  }
  const filled = [await fill(), await fill(), await fill()]
  assert.equal(on.tracker.counts()['slow-reader'], 0)
  const [, fourthServed] = await fill()
  assert.equal(on.tracker.counts()['slow-reader'], 1)
  await closing(fourthServed)
  for (const [, served] of filled) assert.equal(served.destroyed, false)
  // A reader that reads again makes room for the next.
  const [first, firstServed] = filled[0] ?? []
  assert.ok(first && firstServed)
  const drained = once(firstServed, 'drain')
  first.socket.resume()
  await drained
  const [, fifthServed] = await fill()
  assert.equal(on.tracker.counts()['slow-reader'], 1)
  assert.ok(fifthServed.writableLength >= 350_000)
})
