import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { chunkStatement, encodeHex, receiptStatement, type TrackerClientMessage } from '@peerpress/wire'
import { startTracker, TestKey, type TestPeer } from './tracker.testing.ts'

// Signatures are the costly check. The count of an invalid one shows whether it was checked.

const asset = 'ab'.repeat(32)
const truth = createHash('sha256').update('the chunk').digest()
const lie = createHash('sha256').update('something else').digest()

const badJoin = (ticket: string, key = new TestKey()): TrackerClientMessage => ({
  ...(key.join(ticket) as TrackerClientMessage & { readonly type: 'join' }),
  signature: 'A'.repeat(86),
})
const badClaim = (taker: TestPeer, bytes = 1): TrackerClientMessage => ({
  type: 'claim',
  peer: taker.id,
  bytes,
  signature: 'A'.repeat(86),
})
const accusation = (liar: TestKey, signature?: string): TrackerClientMessage => ({
  type: 'accuse',
  proof: {
    peer: liar.id,
    asset,
    index: 0,
    hash: encodeHex(lie),
    signature: signature ?? liar.sign(chunkStatement(asset, 0, lie)),
  },
})

test('checks no signature of a peer whose room is full', async (t) => {
  const on = await startTracker(t, { maxPeersPerRoom: 1 })
  await on.join()
  const peer = await on.connect()
  peer.send(badJoin(await on.ticket()))
  assert.equal(await peer.closeCode(), 1013)
  assert.equal(on.tracker.counts().full, 1)
  assert.equal(on.tracker.counts()['key-not-held'], 0)
})

test('admits a reader again whose connection broke, although the room is full', async (t) => {
  const on = await startTracker(t, { maxPeersPerRoom: 1 })
  const first = await on.join()
  const again = await on.connect('192.0.2.1', { peerKey: first.key })
  again.join(await on.ticket())
  assert.equal((await again.next()).type, 'welcome')
  assert.equal(await first.closeCode(), 1008)
})

test('checks no signature of a banned peer, nor of further accusations against it', async (t) => {
  const on = await startTracker(t, { chunkHash: async () => truth })
  const [liar, victim] = [await on.join(), await on.join()]
  victim.send(accusation(liar.key))
  assert.equal(await liar.closeCode(), 1008)
  const again = await on.connect()
  again.send(badJoin(await on.ticket(), liar.key))
  assert.equal(await again.closeCode(), 1008)
  victim.send(accusation(liar.key, 'A'.repeat(86)))
  await on.counted('accusation-ignored')
  const { banned, 'key-not-held': unheld, 'false-accusation': made } = on.tracker.counts()
  assert.deepEqual({ banned, unheld, made }, { banned: 2, unheld: 0, made: 0 })
})

test('checks no signature of a claim that would be worth nothing', async (t) => {
  const on = await startTracker(t)
  const [giver, taker] = [await on.join('1', '198.51.100.1'), await on.join('1', '203.0.113.1')]
  const neighbour = await on.join('1', '198.51.100.2')
  const bytes = 1000
  giver.send({
    type: 'claim',
    peer: taker.id,
    bytes,
    signature: taker.key.sign(receiptStatement(giver.id, bytes)),
  })
  giver.send(badClaim(taker, bytes))
  giver.send(badClaim(taker, 1))
  giver.send(badClaim(neighbour, bytes))
  await giver.settle()
  const {
    credited,
    'claim-stale': stale,
    'claim-same-network': near,
    'claim-refused': refused,
  } = on.tracker.counts()
  assert.deepEqual({ credited, stale, near, refused }, { credited: 1, stale: 2, near: 1, refused: 0 })
})

test('limits the checked signatures of a network, however often it connects', async (t) => {
  let now = Date.now()
  // Four signatures at once, then two every five seconds.
  const on = await startTracker(t, {
    maxConnectionsPerNetwork: 2,
    chunkHash: async () => truth,
    now: () => now,
  })
  const taker = await on.join('1', '203.0.113.1')
  let bytes = 0
  const claim = async (times: number) => {
    const giver = await on.join('1', '198.51.100.1')
    for (let i = 0; i < times; i++) giver.send(badClaim(taker, ++bytes))
    await giver.settle()
    return giver
  }
  const counts = () => {
    const { 'claim-refused': refused, 'signature-unchecked': unchecked } = on.tracker.counts()
    return { refused, unchecked }
  }
  const first = await claim(3)
  first.socket.terminate()
  await on.counted('disconnected')
  const second = await claim(3)
  assert.deepEqual(counts(), { refused: 4, unchecked: 2 })
  // Accusations count for the same limit. Beyond it they are ignored, and the accuser is not blamed.
  second.send(accusation(new TestKey(), 'A'.repeat(86)))
  second.send(accusation(taker.key))
  assert.ok((await second.settle()).every(({ type }) => type === 'introduce'))
  assert.deepEqual(counts(), { refused: 4, unchecked: 4 })
  // Claims about peers that it was not introduced to do not count.
  const stranger = await on.join('2', '203.0.113.2')
  second.send(badClaim(stranger))
  await second.settle()
  assert.deepEqual(counts(), { refused: 5, unchecked: 4 })
  // Another network has its own limit.
  const other = await on.join('1', '192.0.2.1')
  other.send(badClaim(taker))
  await other.settle()
  assert.deepEqual(counts(), { refused: 6, unchecked: 4 })
  now += 5000
  for (let i = 0; i < 3; i++) second.send(badClaim(taker, ++bytes))
  await second.settle()
  assert.deepEqual(counts(), { refused: 8, unchecked: 5 })
})
