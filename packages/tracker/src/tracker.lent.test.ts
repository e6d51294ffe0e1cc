import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { receiptStatement, type TrackerClientMessage } from '@peerpress/wire'
import type { LentClaim, LentSeed } from './admission/lent.ts'
import { startTracker, type TestPeer, type TrackerUnderTest } from './tracker.testing.ts'

const site = 'abcdefgh01234567'
const lent = { seed: 'S'.repeat(43), epoch: '2026-05-01', nonce: 'N'.repeat(22) }
const seedAddress = '198.51.100.1'

/** A tracker that records what it reports about lent seeds. */
async function startLending(t: TestContext) {
  const joins: (readonly [string, LentSeed])[] = []
  const claims: LentClaim[] = []
  const on = await startTracker(t, {
    lending: {
      onJoin: async (peer, seed) => {
        joins.push([peer, seed])
      },
      onClaim: async (claim) => {
        claims.push(claim)
      },
    },
  })
  return { on, joins, claims }
}

async function joinLent(
  on: TrackerUnderTest,
  changes: { readonly isSeed?: boolean } = {},
): Promise<TestPeer> {
  const peer = await on.connect(seedAddress)
  const holder = { site, post: '1', address: seedAddress, isSeed: true, lent, ...changes }
  peer.join(await on.tracker.issueTicket(holder))
  assert.equal((await peer.next()).type, 'welcome')
  return peer
}

const receipt = (taker: TestPeer, giver: TestPeer, bytes: number): TrackerClientMessage => ({
  type: 'claim',
  peer: taker.id,
  bytes,
  signature: taker.key.sign(receiptStatement(giver.id, bytes)),
})

test('a receipt for a lent seed is reported with its seed, swarm, epoch and nonce', async (t) => {
  const { on, joins, claims } = await startLending(t)
  const seed = await joinLent(on)
  const reader = await on.join('1', '203.0.113.1')
  seed.send(receipt(reader, seed, 100))
  seed.send(receipt(reader, seed, 250))
  await on.counted('credited', 2)
  assert.deepEqual(joins, [[seed.id, { ...lent, site, post: '1' }]])
  const common = { ...lent, site, post: '1', giver: seed.id, taker: reader.id }
  assert.deepEqual(
    claims.map(({ network: _network, ...claim }) => claim),
    [
      { ...common, bytes: 100 },
      { ...common, bytes: 250 },
    ],
  )
  assert.equal(new Set(claims.map(({ network }) => network)).size, 1)
})

test('forged, repeated and own receipts of a lent seed are not reported', async (t) => {
  const { on, claims } = await startLending(t)
  const seed = await joinLent(on)
  const reader = await on.join('1', '203.0.113.1')
  const neighbour = await on.join('1', seedAddress)
  const stranger = await on.join('2', '203.0.113.2')
  seed.send({ ...receipt(reader, seed, 100), bytes: 101 } as TrackerClientMessage)
  await on.counted('claim-refused', 1)
  seed.send(receipt(stranger, seed, 100))
  await on.counted('claim-refused', 2)
  seed.send(receipt(neighbour, seed, 100))
  await on.counted('claim-same-network', 1)
  seed.send(receipt(reader, seed, 100))
  seed.send(receipt(reader, seed, 100))
  await on.counted('claim-stale', 1)
  assert.deepEqual(
    claims.map(({ bytes }) => bytes),
    [100],
  )
})

test('a receipt of the time before a rejoin states nothing new after it', async (t) => {
  const { on, claims } = await startLending(t)
  const seed = await joinLent(on)
  const reader = await on.join('1', '203.0.113.1')
  seed.send(receipt(reader, seed, 100))
  await on.counted('credited', 1)
  const again = await on.connect(seedAddress, { peerKey: seed.key })
  again.join(await on.tracker.issueTicket({ site, post: '1', address: seedAddress, isSeed: true, lent }))
  assert.equal((await again.next()).type, 'welcome')
  again.send(receipt(reader, seed, 100))
  await on.counted('claim-stale', 1)
  assert.equal(claims.length, 1)
})

test('a reader whose ticket names a seed is no lent seed', async (t) => {
  const { on, joins, claims } = await startLending(t)
  const giver = await joinLent(on, { isSeed: false })
  const reader = await on.join('1', '203.0.113.1')
  giver.send(receipt(reader, giver, 100))
  await on.counted('credited', 1)
  assert.deepEqual([joins, claims], [[], []])
})
