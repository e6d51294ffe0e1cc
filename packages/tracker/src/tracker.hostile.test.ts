import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { encodeTrackerMessage, maxTrackerMessageLength } from '@peerpress/wire'
import { startTracker, type TestPeer, type TrackerUnderTest } from './tracker.testing.ts'

/** A tracker with an honest reader: nothing hostile may reach it. */
async function withBystander(t: TestContext): Promise<{ on: TrackerUnderTest; bystander: TestPeer }> {
  const on = await startTracker(t)
  return { on, bystander: await on.join() }
}

test('refuses messages before join, and then lets the reader join', async (t) => {
  const { on, bystander } = await withBystander(t)
  const peer = await on.connect()
  peer.send({ type: 'want', peers: 3 })
  peer.send({ type: 'signal', to: bystander.id, signal: { kind: 'offer', sdp: 'v=0' } })
  peer.send({ type: 'leave' })
  for (let i = 0; i < 3; i++) {
    const message = await peer.next()
    assert.ok(message.type === 'error' && message.code === 'not-joined')
  }
  assert.equal(on.tracker.counts()['not-joined'], 3)
  assert.deepEqual(await bystander.settle(), [])
  peer.join(await on.ticket())
  assert.equal((await peer.next()).type, 'welcome')
})

test('lets a connection join once, even if two join messages arrive together', async (t) => {
  const on = await startTracker(t)
  const peer = await on.connect()
  const ticket = await on.ticket()
  peer.join(ticket)
  peer.join(ticket)
  assert.equal((await peer.next()).type, 'welcome')
  const refusal = await peer.next()
  assert.ok(refusal.type === 'error' && refusal.code === 'already-joined')
  assert.equal(on.tracker.counts().joined, 1)
})

test('closes a connection that sends garbage, and informs the others that it left', async (t) => {
  for (const text of [
    '',
    'hello',
    '{"type":"welcome"}',
    '[]',
    '{"type":"want","peers":1e9}',
    '['.repeat(9000),
  ]) {
    const { on, bystander } = await withBystander(t)
    const peer = await on.join()
    assert.equal((await bystander.next()).type, 'introduce')
    peer.socket.send(text)
    assert.equal(await peer.closeCode(), 1007)
    assert.deepEqual(await bystander.next(), { type: 'left', peer: peer.id })
    assert.equal(on.tracker.counts()['bad-message'], 1)
  }
})

test('closes a connection that sends binary', async (t) => {
  const { on, bystander } = await withBystander(t)
  const peer = await on.join()
  await bystander.next()
  peer.socket.send(Buffer.from(encodeTrackerMessage({ type: 'want', peers: 1 })))
  assert.equal(await peer.closeCode(), 1003)
  assert.deepEqual(await bystander.next(), { type: 'left', peer: peer.id })
  assert.equal(on.tracker.counts().binary, 1)
})

test('closes a connection that sends an oversized message, whole or in fragments', async (t) => {
  const { on, bystander } = await withBystander(t)
  const whole = await on.join()
  await bystander.next()
  whole.socket.send('x'.repeat(maxTrackerMessageLength + 1))
  assert.equal(await whole.closeCode(), 1009)
  assert.deepEqual(await bystander.next(), { type: 'left', peer: whole.id })
  const fragments = await on.connect()
  for (let i = 0; i < 5; i++) fragments.socket.send(' '.repeat(4096), { fin: i === 4 })
  assert.equal(await fragments.closeCode(), 1009)
  await on.counted('oversized', 2)
})

test('closes a connection that breaks the WebSocket protocol', async (t) => {
  const on = await startTracker(t)
  const invalidText = await on.connect()
  invalidText.socket.send(Buffer.of(0xff, 0xfe), { binary: false })
  assert.equal(await invalidText.closeCode(), 1007)
  const unmasked = await on.connect()
  unmasked.socket.send('{}', { mask: false })
  assert.equal(await unmasked.closeCode(), 1002)
  await on.counted('bad-frame', 2)
})

test('closes a connection that sends too many messages or pings, before or after joining', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const bystander = await on.join()
  const joined = await on.join()
  await bystander.settle()
  for (let i = 0; i < 400; i++) {
    joined.send({ type: 'signal', to: bystander.id, signal: { kind: 'offer', sdp: `${i}` } })
  }
  const newcomer = await on.connect()
  for (let i = 0; i < 400; i++) newcomer.send({ type: 'leave' })
  const pinging = await on.connect()
  // The library cuts the connection off at sixty fragments together, so they are sent one at a time.
  for (let i = 0; i < 300; i++) {
    pinging.socket.ping()
    await once(pinging.socket, 'pong', { signal: AbortSignal.timeout(30_000) })
  }
  pinging.socket.ping()
  for (const peer of [joined, newcomer, pinging]) assert.equal(await peer.closeCode(), 1008)
  assert.equal(on.tracker.counts()['rate-limited'], 3)
  // Its join was one of the 300 messages that it may send.
  const { relayed, 'signal-excess': excess } = on.tracker.counts()
  assert.equal(relayed + excess, 299)
  now += 60_000
  const heard = await bystander.settle()
  assert.equal(heard.length, relayed + 1)
  assert.deepEqual(heard.at(-1), { type: 'left', peer: joined.id })
})

test('closes the connection of a reader that does not read, and serves the others', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const [notReading, served] = await on.joinServed()
  const sender = await on.join()
  await sender.next()
  notReading.socket.pause()
  await on.stall({ notReading, served, senders: [sender], wait: () => (now += 60_000) })
  // The answers to its requests wait.
  for (let i = 0; i < 30 && !served.destroyed; i++) {
    now += 60_000
    await on.provoke(notReading, served, 200)
  }
  assert.deepEqual(await sender.next(), { type: 'left', peer: notReading.id })
  assert.equal(on.tracker.counts()['slow-reader'], 1)
})

test("drops others' signals to a reader that does not read, and leaves its connection open", async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const [notReading, served] = await on.joinServed()
  const senders = [await on.join(), await on.join(), await on.join()]
  const [sender] = senders
  assert.ok(sender)
  for (const each of senders) await each.settle()
  notReading.socket.pause()
  await on.stall({ notReading, served, senders, wait: () => (now += 60_000) })
  const signal = { kind: 'offer', sdp: 'x'.repeat(11_900) } as const
  for (let minute = 0; minute < 20; minute++) {
    now += 60_000
    for (const each of senders) {
      for (let i = 0; i < 10; i++) each.send({ type: 'signal', to: notReading.id, signal })
      for (let i = 0; i < 100; i++)
        each.send({ type: 'signal', to: notReading.id, signal: { kind: 'offer', sdp: '' } })
      assert.deepEqual(await each.settle(), [])
    }
  }
  const { 'slow-reader': slow, 'signal-to-slow': dropped, 'signal-excess': excess } = on.tracker.counts()
  assert.equal(slow, 0)
  assert.ok(dropped > 100 && excess > 1000)
  assert.ok(served.writableLength < 128 * 1024)
  now += 60_000
  // It reads again, and receives the next signal.
  notReading.socket.resume()
  while ((await notReading.settle()).length > 0);
  sender.send({ type: 'signal', to: notReading.id, signal: { kind: 'offer', sdp: 'at last' } })
  assert.deepEqual(await notReading.next(), {
    type: 'signal',
    from: sender.id,
    signal: { kind: 'offer', sdp: 'at last' },
  })
})

test('limits the signals of each pair of peers separately', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const reader = await on.join()
  const flooder = await on.join()
  const other = await on.join()
  for (const each of [reader, flooder, other]) await each.settle()
  for (let i = 0; i < 290; i++)
    flooder.send({ type: 'signal', to: reader.id, signal: { kind: 'offer', sdp: 'x'.repeat(11_900) } })
  await flooder.settle()
  assert.equal(on.tracker.counts()['signal-excess'], 287)
  assert.equal((await reader.settle()).length, 3)
  // The signals by which two peers connect: an offer or answer and its candidates, in both directions.
  for (const [from, to] of [
    [other, reader],
    [reader, other],
    [reader, flooder],
  ] as const) {
    from.send({ type: 'signal', to: to.id, signal: { kind: 'offer', sdp: 'x'.repeat(11_900) } })
    for (let i = 0; i < 40; i++) {
      const candidate = 'candidate:'.padEnd(250, '1')
      from.send({
        type: 'signal',
        to: to.id,
        signal: { kind: 'candidate', candidate, sdpMid: '0', sdpMLineIndex: 0 },
      })
    }
    await from.settle()
    assert.equal((await to.settle()).length, 41)
  }
  assert.equal(on.tracker.counts()['signal-excess'], 287)
  now += 60_000
  flooder.send({ type: 'signal', to: reader.id, signal: { kind: 'offer', sdp: 'later' } })
  await flooder.settle()
  assert.equal((await reader.settle()).length, 1)
})

test('drops descriptions of several media sections, because trackers refuse their answers', async (t) => {
  const on = await startTracker(t)
  const reader = await on.join()
  const other = await on.join()
  await other.settle()
  const channel = 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n'
  for (const sdp of [channel + 'm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n', channel])
    for (const kind of ['offer', 'answer'] as const)
      other.send({ type: 'signal', to: reader.id, signal: { kind, sdp } })
  await other.settle()
  assert.deepEqual(
    (await reader.settle()).slice(1).map((message) => message.type === 'signal' && message.signal),
    [
      { kind: 'offer', sdp: channel },
      { kind: 'answer', sdp: channel },
    ],
  )
  assert.equal(on.tracker.counts()['signal-refused'], 2)
})

test('forgets a reader that disconnects while its ticket is verified', async (t) => {
  const { on, bystander } = await withBystander(t)
  const peer = await on.connect()
  const ticket = await on.ticket()
  peer.join(ticket)
  peer.socket.terminate()
  await on.counted('disconnected')
  // It may have joined for a moment. In the end the others know nobody.
  const heard = await bystander.settle()
  assert.ok(heard.length === 0 || (heard.length === 2 && heard[1]?.type === 'left'))
  const newcomer = await on.join()
  assert.deepEqual(await newcomer.next(), { type: 'introduce', peer: bystander.id, role: 'offer' })
  assert.deepEqual(await newcomer.settle(), [])
})

test('closes a connection that never joins and one that does not answer pings', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const on = await startTracker(t)
  const silent = await on.connect('192.0.2.1', { autoPong: false })
  const idle = await on.connect()
  const reader = await on.join()
  t.mock.timers.tick(30_000)
  const signal = AbortSignal.timeout(30_000)
  await Promise.all([silent, idle, reader].map(({ socket }) => once(socket, 'ping', { signal })))
  // The refusal arrives after its answer to the ping was read.
  idle.send({ type: 'want', peers: 1 })
  await idle.next()
  await reader.settle()
  t.mock.timers.tick(30_000)
  assert.equal(await idle.closeCode(), 1008)
  assert.equal(await silent.closeCode(), 1006)
  assert.equal(on.tracker.counts()['never-joined'], 1)
  assert.equal(on.tracker.counts().unresponsive, 1)
  assert.deepEqual(await reader.settle(), [])
})

test('answers an upgrade request that is not a WebSocket handshake with 400', async (t) => {
  const on = await startTracker(t)
  const socket = connect(on.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  const [answer] = (await once(socket, 'data', { signal: AbortSignal.timeout(30_000) })) as [Buffer]
  assert.match(answer.toString(), /^HTTP\/1.1 400 /)
  socket.destroy()
  assert.equal(on.tracker.counts().connected, 0)
})

test('writes nothing to the console, whatever it receives', async (t) => {
  const said: unknown[] = []
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    t.mock.method(console, method, (...words: unknown[]) => said.push(words))
  }
  const on = await startTracker(t)
  const peer = await on.join()
  const other = await on.join()
  other.send({ type: 'signal', to: peer.id, signal: { kind: 'offer', sdp: 'c=IN IP4 203.0.113.9' } })
  other.socket.send('c=IN IP4 203.0.113.9')
  await other.closeCode()
  assert.deepEqual(said, [])
  assert.ok(!JSON.stringify(on.tracker.counts()).includes('203.0.113'))
})

test('limits the connections of one network, until one of them ends', async (t) => {
  const on = await startTracker(t, { maxConnectionsPerNetwork: 2 })
  const first = await on.connect('192.0.2.1')
  await on.connect('192.0.2.99')
  await assert.rejects(on.connect('192.0.2.3'), /429/)
  assert.equal(on.tracker.counts()['network-full'], 1)
  await on.connect('192.0.3.1')
  first.socket.terminate()
  await on.counted('disconnected')
  await on.connect('192.0.2.3')
})

test('ignores and counts fields of a later release, and relays none of them', async (t) => {
  const { on, bystander } = await withBystander(t)
  const peer = await on.connect()
  peer.socket.send(JSON.stringify({ ...peer.key.join(await on.ticket()), since09: 1 }))
  assert.equal((await peer.next()).type, 'welcome')
  await bystander.next()
  const signal = { kind: 'offer', sdp: 'v=0', since09: { a: 1 } }
  peer.socket.send(JSON.stringify({ type: 'signal', to: bystander.id, signal, since09: [] }))
  assert.deepEqual(await bystander.next(), {
    type: 'signal',
    from: peer.id,
    signal: { kind: 'offer', sdp: 'v=0' },
  })
  assert.equal(on.tracker.counts()['unknown-field'], 3)
  assert.equal(on.tracker.counts()['bad-message'], 0)
})
