import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { Asset } from '@peerpress/wire'
import { DeliveryLedger, type LoadEntry } from './delivery-ledger.ts'

const picture: Asset = {
  id: 'p',
  url: 'https://blog.example/p.png',
  type: 'image/png',
  size: 1000,
  chunkSize: 100,
  hashes: new Uint8Array(),
}
const film: Asset = { ...picture, id: 'f', size: 5000 }
const loaded: LoadEntry = {
  initiatorType: 'img',
  startTime: 40,
  responseEnd: 50,
  transferSize: 1300,
  encodedBodySize: 1000,
  responseStatus: 200,
}
const brokenOff: LoadEntry = { ...loaded, transferSize: 300, encodedBodySize: 0, responseStatus: 0 }
const unanswered: LoadEntry = { ...brokenOff, transferSize: 0 }
const none = { peer: 0, seed: 0, mirror: 0, origin: 0, cache: 0 }

describe('the delivery ledger', () => {
  let ledger: DeliveryLedger
  beforeEach(() => {
    ledger = new DeliveryLedger([picture, film], 'https://blog.example')
  })

  test('counts nothing for assets nobody asked for', () => {
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 0 })
    assert.deepEqual(ledger.snapshot().bytes, none)
  })

  test('tells a load over the network from one out of the cache', () => {
    ledger.loaded('p', loaded, 0)
    assert.deepEqual(ledger.snapshot().bytes, { ...none, origin: 1000 })
    // Revalidated: headers travelled, the body did not.
    ledger.loaded('f', { ...loaded, transferSize: 300, encodedBodySize: 5000 }, 0)
    assert.deepEqual(ledger.snapshot().bytes, { ...none, origin: 1000, cache: 5000 })
    assert.equal(ledger.snapshot().assets.complete, 2)
  })

  test('takes a load from another origin, which hides how it ended, for complete unless its element failed', () => {
    const hidden: LoadEntry = { ...unanswered, initiatorType: 'img' }
    const elsewhere = new DeliveryLedger([picture, film], 'https://www.blog.example')
    elsewhere.loaded('p', hidden, 0)
    elsewhere.failed('f', 45)
    elsewhere.loaded('f', hidden, 0)
    assert.deepEqual(elsewhere.snapshot().assets, { complete: 1, failed: 1 })
    assert.deepEqual(elsewhere.snapshot().bytes, none)
  })

  test('leaves to the worker’s messages what the worker answered', () => {
    ledger.taken('p', 20)
    ledger.bytes('p', { start: 0, length: 1000 }, 'peer')
    ledger.answered('p', true)
    ledger.loaded('p', loaded, 0)
    assert.deepEqual(ledger.snapshot().bytes, { ...none, peer: 1000 })
    assert.equal(ledger.snapshot().assets.complete, 1)
  })

  test('counts a byte once, for the first source that brought it', () => {
    ledger.taken('f', 0)
    ledger.bytes('f', { start: 0, length: 2000 }, 'peer')
    ledger.bytes('f', { start: 4000, length: 1000 }, 'origin')
    ledger.bytes('f', { start: 1000, length: 3500 }, 'cache')
    ledger.bytes('f', { start: 0, length: 9000 }, 'peer')
    assert.deepEqual(ledger.snapshot().bytes, { ...none, peer: 2000, origin: 1000, cache: 2000 })
  })

  test('an asset is complete or failed as its latest request ended', () => {
    ledger.taken('p', 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 0 })
    ledger.answered('p', false)
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 1 })
    ledger.taken('p', 10)
    ledger.answered('p', true)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 0 })
    ledger.loaded('f', { ...loaded, responseStatus: 500 }, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 1 })
  })

  test('a request that was broken off is no failure', () => {
    ledger.loaded('p', brokenOff, 0)
    for (const entry of [brokenOff, unanswered]) ledger.loaded('f', { ...entry, initiatorType: 'video' }, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 0 })
    ledger.loaded('f', { ...loaded, initiatorType: 'video', responseStatus: 206 }, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 0 })
    ledger.loaded('f', { ...brokenOff, initiatorType: 'video' }, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 0 })
  })

  test('an origin that does not answer is one, until a later request succeeds', () => {
    ledger.loaded('p', unanswered, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 1 })
    ledger.loaded('p', loaded, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 0 })
  })

  test('what the page could not show failed, whatever the load itself says afterwards', () => {
    ledger.failed('p', 45)
    ledger.loaded('p', loaded, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 0, failed: 1 })
    ledger.loaded('p', { ...loaded, startTime: 60, responseEnd: 70 }, 0)
    assert.deepEqual(ledger.snapshot().assets, { complete: 1, failed: 0 })
  })

  test('counts the ranges that a player loads one after the other, and no byte of an error', () => {
    const range: LoadEntry = { ...loaded, initiatorType: 'video', responseStatus: 206 }
    ledger.loaded('f', range, 0)
    ledger.loaded('f', { ...range, encodedBodySize: 3000, transferSize: 3300 }, 0)
    ledger.loaded('f', { ...range, encodedBodySize: 3000, transferSize: 3300 }, 0)
    ledger.loaded('p', { ...loaded, responseStatus: 404 }, 0)
    assert.deepEqual(ledger.snapshot().bytes, { ...none, origin: 5000 })
  })

  test('what the cache has of a load that was broken off came from the origin', () => {
    const range: LoadEntry = { ...loaded, initiatorType: 'video', responseStatus: 206 }
    ledger.loaded('f', { ...range, transferSize: 300, encodedBodySize: 0, responseStatus: 0 }, 0)
    ledger.loaded('f', { ...range, transferSize: 0, encodedBodySize: 3000 }, 0)
    assert.deepEqual(ledger.snapshot().bytes, { ...none, origin: 3000 })
  })

  test('counts what went wrong and what was given', () => {
    ledger.peerJoined('a')
    ledger.peerJoined('a')
    ledger.swarmEvent({ kind: 'rejected', source: { kind: 'peer', peer: 'a' }, bytes: 100 })
    ledger.swarmEvent({ kind: 'rejected', source: { kind: 'local' }, bytes: 100 })
    ledger.swarmEvent({ kind: 'dropped', peer: 'a', reason: 'bad-chunk' })
    ledger.swarmEvent({ kind: 'dropped', peer: 'b', reason: 'stalled' })
    ledger.swarmEvent({ kind: 'sent', peer: 'a', bytes: 70 })
    ledger.fallback(4)
    ledger.fallback(4)
    ledger.fallback(5)
    ledger.wrong(3)
    const { peers, rejectedChunks, droppedPeers, uploaded, fallbacks, wrongBytes } = ledger.snapshot()
    assert.deepEqual(
      { peers, rejectedChunks, droppedPeers, uploaded, fallbacks, wrongBytes },
      { peers: 1, rejectedChunks: 1, droppedPeers: 1, uploaded: 70, fallbacks: 2, wrongBytes: 3 },
    )
  })
})
