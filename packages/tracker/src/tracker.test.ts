import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { startTracker, ticketKey } from './tracker.testing.ts'

const iceServers = [{ urls: ['stun:stun.example:3478'] }]

test('welcomes a reader with an id and the ICE servers, then introduces it to the others', async (t) => {
  const on = await startTracker(t, { iceServers })
  const first = await on.connect()
  first.join(await on.ticket())
  const welcome = await first.next()
  assert.ok(welcome.type === 'welcome')
  assert.deepEqual(welcome.iceServers, iceServers)

  const second = await on.join()
  assert.deepEqual(await second.next(), { type: 'introduce', peer: first.id, role: 'offer' })
  assert.deepEqual(await first.next(), { type: 'introduce', peer: second.id, role: 'answer' })
})

test("sends the swarm's size at joining, and whenever a reader requests more peers", async (t) => {
  const on = await startTracker(t)
  const first = await on.join()
  await on.join()
  await on.join('2')
  first.send({ type: 'want', peers: 1 })
  await first.settle()
  assert.deepEqual(first.sizes, [1, 2])
})

test("relays signals in order, with the sender's id", async (t) => {
  const on = await startTracker(t)
  const [one, other] = [await on.join(), await on.join()]
  await one.next()
  await other.next()
  const candidate = { kind: 'candidate', candidate: '', sdpMid: '0', sdpMLineIndex: null } as const
  other.send({ type: 'signal', to: one.id, signal: { kind: 'offer', sdp: 'v=0\r\n' } })
  other.send({ type: 'signal', to: one.id, signal: candidate })
  assert.deepEqual(await one.next(), {
    type: 'signal',
    from: other.id,
    signal: { kind: 'offer', sdp: 'v=0\r\n' },
  })
  assert.deepEqual(await one.next(), { type: 'signal', from: other.id, signal: candidate })
  one.send({ type: 'signal', to: other.id, signal: { kind: 'answer', sdp: 'v=1' } })
  assert.deepEqual(await other.next(), {
    type: 'signal',
    from: one.id,
    signal: { kind: 'answer', sdp: 'v=1' },
  })
  assert.equal(on.tracker.counts().relayed, 3)
})

test('separates readers of different posts, and drops and counts signals between them', async (t) => {
  const on = await startTracker(t)
  const [one, other] = [await on.join('1'), await on.join('2')]
  one.send({ type: 'signal', to: other.id, signal: { kind: 'offer', sdp: 'v=0' } })
  assert.deepEqual(await one.settle(), [])
  assert.deepEqual(await other.settle(), [])
  assert.equal(on.tracker.counts()['not-introduced'], 1)
  assert.equal(on.tracker.counts().introduced, 0)
})

test('introduces a newcomer to six readers, and to the others when it requests more', async (t) => {
  const on = await startTracker(t)
  for (let i = 0; i < 9; i++) await on.join()
  const peer = await on.join()
  assert.equal((await peer.settle()).length, 6)
  peer.send({ type: 'want', peers: 2 })
  assert.equal((await peer.settle()).length, 2)
  peer.send({ type: 'want', peers: 12 })
  assert.equal((await peer.settle()).length, 1)
})

test('informs the others when a reader leaves, with or without a message', async (t) => {
  const on = await startTracker(t)
  const [one, polite, abrupt] = [await on.join(), await on.join(), await on.join()]
  await one.settle()
  polite.send({ type: 'leave' })
  assert.deepEqual(await one.next(), { type: 'left', peer: polite.id })
  assert.equal(await polite.closeCode(), 1000)
  abrupt.socket.terminate()
  assert.deepEqual(await one.next(), { type: 'left', peer: abrupt.id })
  await on.counted('disconnected', 2)
})

test('accepts messages that follow the ticket before the ticket is verified', async (t) => {
  const on = await startTracker(t)
  const first = await on.join()
  const ticket = await on.ticket()
  const second = await on.connect()
  second.join(ticket)
  second.send({ type: 'want', peers: 3 })
  second.send({ type: 'signal', to: first.id, signal: { kind: 'offer', sdp: 'v=0' } })
  assert.equal((await first.next()).type, 'introduce')
  assert.equal((await first.next()).type, 'signal')
})

test('refuses a ticket that has expired', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { now: () => now })
  const peer = await on.connect()
  const ticket = await on.ticket()
  now += 121_000
  peer.join(ticket)
  assert.deepEqual(errorCodes(await peer.rest()), ['bad-ticket'])
  assert.equal(await peer.closed, 1008)
  assert.equal(on.tracker.counts()['ticket-expired'], 1)
})

test('refuses a ticket from another network', async (t) => {
  const on = await startTracker(t)
  const peer = await on.connect('198.51.100.1')
  peer.join(await on.ticket('1', '192.0.2.1'))
  assert.deepEqual(errorCodes(await peer.rest()), ['bad-ticket'])
  assert.equal(on.tracker.counts()['ticket-elsewhere'], 1)
})

test('refuses a reader whose address is unknown', async (t) => {
  const on = await startTracker(t)
  const peer = await on.connect('unknown')
  peer.join(await on.ticket())
  assert.deepEqual(errorCodes(await peer.rest()), ['bad-ticket'])
  assert.equal(on.tracker.counts()['bad-address'], 1)
})

test('refuses a ticket of another tracker, one for another purpose, and garbage', async (t) => {
  const on = await startTracker(t)
  const other = await startTracker(t, { ticketKey: new Uint8Array(32).fill(8) })
  const elsewhere = await new SignJWT({ swarm: 'x' })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience('mirror')
    .setExpirationTime('2m')
    .sign(ticketKey)
  for (const ticket of [await other.ticket(), elsewhere, '', 'a.b.c', '{}', '\u0000'.repeat(1000)]) {
    const peer = await on.connect()
    peer.join(ticket)
    assert.deepEqual(errorCodes(await peer.rest()), ['bad-ticket'])
  }
  assert.equal(on.tracker.counts()['ticket-invalid'], 6)
  assert.equal(on.tracker.counts().joined, 0)
})

test('refuses further readers when a room is full', async (t) => {
  const on = await startTracker(t, { maxPeersPerRoom: 1 })
  const first = await on.join()
  const second = await on.connect()
  second.join(await on.ticket())
  assert.deepEqual(errorCodes(await second.rest()), ['full'])
  assert.equal(await second.closed, 1013)
  assert.deepEqual(await first.settle(), [])
})

function errorCodes(messages: readonly { readonly type: string; readonly code?: string }[]) {
  return messages.map(({ type, code }) => code ?? type)
}
