import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Credits } from './credits.ts'

const GiB = 1024 ** 3
let now = 0
let credits: Credits
beforeEach(() => {
  now = 0
  credits = new Credits(() => now)
  credits.open('giver', { network: 'a', isSeed: false })
  credits.open('seed', { network: 'b', isSeed: true })
  credits.open('taker', { network: 'c', isSeed: false })
})

test('credits what a receipt says beyond the one before, once', () => {
  assert.equal(credits.claim('giver', 'taker', 100), 'credited')
  assert.equal(credits.claim('giver', 'taker', 100), 'stale')
  assert.equal(credits.claim('giver', 'taker', 50), 'stale')
  assert.equal(credits.claim('giver', 'taker', 130), 'credited')
  assert.equal(credits.claim('seed', 'taker', 7), 'credited')
  assert.deepEqual(credits.given, { reader: 130, seed: 7 })
})

test('credits nothing within one network, and nothing to or of who is gone', () => {
  credits.open('neighbour', { network: 'a', isSeed: false })
  assert.equal(credits.claim('giver', 'neighbour', 100), 'same-network')
  credits.close('taker')
  assert.equal(credits.claim('giver', 'taker', 100), 'stale')
  assert.deepEqual(credits.given, { reader: 0, seed: 0 })
})

test('caps what one ticket can sign for', () => {
  assert.equal(credits.claim('giver', 'taker', 3 * GiB), 'capped')
  assert.equal(credits.claim('seed', 'taker', 1), 'capped')
  assert.deepEqual(credits.given, { reader: 2 * GiB, seed: 0 })
})

test('caps what one network can sign for within an hour, however many tickets it has', () => {
  for (let i = 0; i < 15; i++) {
    credits.open(`sybil ${i}`, { network: 'c', isSeed: false })
    credits.claim('giver', `sybil ${i}`, 2 * GiB)
  }
  assert.equal(credits.given.reader, 20 * GiB)
  now = 3_600_000
  credits.open('later', { network: 'c', isSeed: false })
  assert.equal(credits.claim('giver', 'later', 5), 'credited')
})

test('tells how evenly readers give', () => {
  assert.equal(credits.fairness, null)
  credits.claim('giver', 'taker', 100)
  assert.equal(credits.fairness, 0.5)
  credits.claim('taker', 'giver', 100)
  assert.equal(credits.fairness, 1)
  credits.claim('seed', 'taker', 1_000_000)
  assert.equal(credits.fairness, 1)
})
