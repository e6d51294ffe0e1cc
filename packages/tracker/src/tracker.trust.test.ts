import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { chunkStatement, encodeHex, receiptStatement, type TrackerClientMessage } from '@peerpress/wire'
import type { AcceptedProof } from './admission/accepted-proof.ts'
import { startTracker, TestKey, type TestPeer, type TrackerUnderTest } from './tracker.testing.ts'

const asset = 'ab'.repeat(32)
const truth = sha256('the chunk')
const lie = sha256('something else')

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest()
}

/** A tracker that knows one chunk. */
function startPublished(t: TestContext, now = Date.now, onProof?: (proof: AcceptedProof) => Promise<void>) {
  return startTracker(t, {
    now,
    ...(onProof && { onProof }),
    chunkHash: async (id, index) => (id === asset && index === 0 ? truth : null),
  })
}

/** The accusation that a peer sent a chunk with this hash. */
function accusation(liar: TestKey, hash: Uint8Array, signer = liar, index = 0) {
  const signature = signer.sign(chunkStatement(asset, index, hash))
  return { type: 'accuse' as const, proof: { peer: liar.id, asset, index, hash: encodeHex(hash), signature } }
}

const receipt = (taker: TestPeer, giver: TestPeer, bytes: number): TrackerClientMessage => ({
  type: 'claim',
  peer: taker.id,
  bytes,
  signature: taker.key.sign(receiptStatement(giver.id, bytes)),
})

test('refuses a peer that does not hold its key', async (t) => {
  const on = await startPublished(t)
  const victim = await on.join()
  const peer = await on.connect()
  const ticket = await on.ticket()
  const join = new TestKey().join(ticket)
  peer.send({ ...join, peer: victim.id } as TrackerClientMessage)
  assert.equal(await peer.closeCode(), 1008)
  assert.equal(on.tracker.counts()['key-not-held'], 1)
  assert.deepEqual(await victim.settle(), [])
})

test('lets a reader whose connection broke join again at once under its key', async (t) => {
  const on = await startPublished(t)
  const first = await on.join()
  const again = await on.connect('192.0.2.1', { peerKey: first.key })
  again.join(await on.ticket())
  assert.equal((await again.next()).type, 'welcome')
  assert.equal(await first.closeCode(), 1008)
  const other = await on.join()
  assert.deepEqual(await other.settle(), [{ type: 'introduce', peer: first.id, role: 'offer' }])
})

test('bans a peer that signed a wrong chunk, informs the peers it was introduced to, and refuses its key', async (t) => {
  const on = await startPublished(t)
  const [liar, victim, bystander] = [await on.join(), await on.join(), await on.join()]
  for (const peer of [liar, victim, bystander]) await peer.settle()
  victim.send(accusation(liar.key, lie))
  assert.equal(await liar.closeCode(), 1008)
  assert.deepEqual(await victim.next(), { type: 'banned', peer: liar.id })
  assert.deepEqual(await bystander.next(), { type: 'banned', peer: liar.id })
  const again = await on.connect('192.0.2.1', { peerKey: liar.key })
  again.join(await on.ticket())
  assert.deepEqual(
    (await again.rest()).map((message) => message.type === 'error' && message.code),
    ['banned'],
  )
  // Other readers of its network stay, and new ones may join.
  const neighbour = await on.join()
  victim.send(accusation(liar.key, lie))
  assert.deepEqual(await victim.settle(), [{ type: 'introduce', peer: neighbour.id, role: 'answer' }])
  assert.equal(on.tracker.counts()['liar-banned'], 1)
})

test('reports the proof that bans a peer, once', async (t) => {
  const proofs: AcceptedProof[] = []
  const on = await startPublished(t, Date.now, async (proof) => {
    proofs.push(proof)
  })
  const [liar, victim] = [await on.join(), await on.join()]
  for (const peer of [liar, victim]) await peer.settle()
  victim.send(accusation(liar.key, lie))
  assert.equal(await liar.closeCode(), 1008)
  victim.send(accusation(liar.key, lie))
  await on.counted('accusation-ignored')
  assert.deepEqual(proofs, [{ site: 'abcdefgh01234567', peer: liar.id, asset, index: 0 }])
})

test("bans nobody for a chunk it did not sign, and closes the accuser's connection", async (t) => {
  const on = await startPublished(t)
  const honest = await on.join()
  const made = [
    // The chunk is right.
    accusation(honest.key, truth),
    // The accuser signed it.
    accusation(honest.key, lie, new TestKey()),
    { type: 'accuse' as const, proof: { ...accusation(honest.key, truth).proof, hash: encodeHex(lie) } },
  ]
  for (const message of made) {
    const framer = await on.join()
    framer.send(message)
    assert.equal(await framer.closeCode(), 1008)
  }
  assert.equal(on.tracker.counts()['false-accusation'], 3)
  assert.equal(on.tracker.counts()['liar-banned'], 0)
  assert.ok((await honest.settle()).every(({ type }) => type !== 'banned' && type !== 'error'))
})

test('bans nobody for a chunk that was not published', async (t) => {
  const on = await startPublished(t)
  const [peer, victim] = [await on.join(), await on.join()]
  victim.send(accusation(peer.key, lie, peer.key, 1))
  await on.counted('accusation-ignored')
  assert.ok((await peer.settle()).every(({ type }) => type === 'introduce'))
})

test('separates two networks after repeated lies between them, and no others', async (t) => {
  let now = Date.now()
  const on = await startPublished(t, () => now)
  const victim = await on.join('1', '198.51.100.1')
  for (let i = 0; i < 2; i++) {
    const liar = await on.join()
    victim.send(accusation(liar.key, lie))
    assert.equal(await liar.closeCode(), 1008)
  }
  const neighbour = await on.join()
  assert.deepEqual(await neighbour.settle(), [])
  const bystander = await on.join('1', '203.0.113.1')
  const introduced = (await bystander.settle()).map((message) => message.type === 'introduce' && message.peer)
  assert.deepEqual(new Set(introduced), new Set([neighbour.id, victim.id]))
  now += 60_000
  const later = await on.join()
  assert.equal((await later.settle()).length, 3)
  assert.equal(on.tracker.counts().banned, 2)
})

test('admits other readers of a network whose reader accuses keys of its own, and introduces them to everybody', async (t) => {
  const on = await startPublished(t)
  const bystander = await on.join('1', '203.0.113.1')
  const accuser = await on.join()
  for (let i = 0; i < 9; i++) {
    const own = await on.join()
    accuser.send(accusation(own.key, lie))
    assert.equal(await own.closeCode(), 1008)
  }
  const neighbour = await on.join()
  const introduced = (await neighbour.settle()).map((message) => message.type === 'introduce' && message.peer)
  assert.deepEqual(new Set(introduced), new Set([accuser.id, bystander.id]))
  // The accuser has addresses in two networks.
  for (let i = 0; i < 9; i++) {
    const own = await on.join()
    bystander.send(accusation(own.key, lie))
    assert.equal(await own.closeCode(), 1008)
  }
  await on.join('1', '198.51.100.1')
  const another = await on.join()
  assert.equal((await another.settle()).length, 3)
})

test('credits only bytes that a taker signed for', async (t) => {
  const on = await startPublished(t)
  const [giver, taker] = [await on.join('1', '198.51.100.1'), await on.join('1', '203.0.113.1')]
  giver.send(receipt(taker, giver, 1000))
  giver.send(receipt(taker, giver, 1500))
  giver.send(receipt(taker, giver, 1500))
  giver.send({ ...receipt(taker, giver, 1500), bytes: 9_000_000 } as TrackerClientMessage)
  // A receipt of another peer.
  giver.send(receipt(taker, taker, 7000))
  const stranger = await on.join('2')
  stranger.send(receipt(taker, stranger, 70))
  await stranger.settle()
  await giver.settle()
  assert.deepEqual(on.tracker.given(), { reader: 1500, seed: 0, fairness: 0.5 })
  const { credited, 'claim-stale': stale, 'claim-refused': refused } = on.tracker.counts()
  assert.deepEqual({ credited, stale, refused }, { credited: 2, stale: 1, refused: 3 })
})

test('credits a receipt once, however often giver and taker rejoin', async (t) => {
  const on = await startPublished(t)
  const addresses = ['198.51.100.1', '203.0.113.1']
  const keys = [new TestKey(), new TestKey()]
  for (let i = 0; i < 3; i++) {
    const [giver, taker] = await Promise.all(
      keys.map(async (peerKey, side) => {
        const peer = await on.connect(addresses[side], { peerKey })
        peer.join(await on.ticket('1', addresses[side]))
        await peer.next()
        return peer
      }),
    )
    assert.ok(giver && taker)
    giver.send(receipt(taker, giver, 1000))
    await giver.settle()
    for (const peer of [giver, taker]) peer.send({ type: 'leave' })
    await Promise.all([giver.closed, taker.closed])
  }
  assert.equal(on.tracker.given().reader, 1000)
  assert.equal(on.tracker.counts()['claim-stale'], 2)
})

/**
 * Returns how many of 60 readers, each at its own address, are shown to one network that joins two posts repeatedly.
 */
async function shownOf60(on: TrackerUnderTest): Promise<number> {
  const readers = new Set<string>()
  for (let i = 0; i < 60; i++) readers.add((await on.join(String(1 + (i % 2)), `10.0.${i}.1`)).id)
  const shown = new Set<string>()
  for (let i = 0; i < 20; i++) {
    const attacker = await on.join(String(1 + (i % 2)), `192.0.2.${i}`)
    for (let request = 0; request < 5; request++) attacker.send({ type: 'want', peers: 12 })
    for (const message of await attacker.settle())
      if (message.type === 'introduce' && readers.has(message.peer)) shown.add(message.peer)
  }
  return shown.size
}

test('shows one network at most 40 addresses of other networks, whatever tickets and keys it uses', async (t) => {
  assert.equal(await shownOf60(await startTracker(t)), 40)
})

test('shows all peers if no peer learns an address', async (t) => {
  assert.equal(await shownOf60(await startTracker(t, { relayOnly: true })), 60)
})
