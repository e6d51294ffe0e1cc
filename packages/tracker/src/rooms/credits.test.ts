import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { Credits } from './credits.ts'

const GiB = 1024 ** 3
let now = 0
let credits: Credits
beforeEach(() => {
  now = 0
  credits = new Credits(() => now)
  credits.open('giver', { network: 'a', isSeed: false, ticket: 1 })
  credits.open('seed', { network: 'b', isSeed: true, ticket: 2 })
  credits.open('taker', { network: 'c', isSeed: false, ticket: 3 })
})

test('credits the increase over the receipt before, once', () => {
  assert.equal(credits.claim('giver', 'taker', 100), 'credited')
  assert.equal(credits.claim('giver', 'taker', 100), 'stale')
  assert.equal(credits.claim('giver', 'taker', 50), 'stale')
  assert.equal(credits.claim('giver', 'taker', 130), 'credited')
  assert.equal(credits.claim('seed', 'taker', 7), 'credited')
  assert.deepEqual(credits.given, { reader: 130, seed: 7 })
})

test('credits nothing within one network, and nothing for peers that have left', () => {
  credits.open('neighbour', { network: 'a', isSeed: false, ticket: 4 })
  assert.equal(credits.claim('giver', 'neighbour', 100), 'same-network')
  credits.close('taker')
  assert.equal(credits.claim('giver', 'taker', 100), 'stale')
  assert.deepEqual(credits.given, { reader: 0, seed: 0 })
})

test('limits the bytes that one ticket can sign for', () => {
  assert.equal(credits.claim('giver', 'taker', 3 * GiB), 'capped')
  assert.equal(credits.claim('seed', 'taker', 1), 'capped')
  assert.deepEqual(credits.given, { reader: 2 * GiB, seed: 0 })
})

test('credits a receipt once, whichever of the two rejoins', () => {
  const open = {
    giver: () => credits.open('giver', { network: 'a', isSeed: false, ticket: 6 }),
    taker: () => credits.open('taker', { network: 'c', isSeed: false, ticket: 7 }),
  }
  assert.equal(credits.claim('giver', 'taker', 100), 'credited')
  for (const again of [['giver'], ['taker'], ['giver', 'taker']] as const) {
    for (const peer of again) credits.close(peer)
    for (const peer of again) open[peer]()
    assert.equal(credits.claim('giver', 'taker', 100), 'stale')
  }
  assert.equal(credits.claim('giver', 'taker', 130), 'credited')
  assert.deepEqual(credits.given, { reader: 130, seed: 0 })
})

test('limits the bytes of one ticket, however often and under whatever keys it joins', () => {
  for (let i = 0; i < 5; i++) {
    credits.open(`key ${i}`, { network: `network ${i}`, isSeed: false, ticket: 6 })
    credits.claim('giver', `key ${i}`, GiB)
    credits.close(`key ${i}`)
  }
  assert.equal(credits.given.reader, 2 * GiB)
})

test('remembers the latest 100,000 pairs', () => {
  for (let i = 0; i <= 100_000; i++) {
    credits.open('taker', { network: 'c', isSeed: false, ticket: 3 })
    credits.open(`giver ${i}`, { network: 'a', isSeed: false, ticket: 1 })
    credits.claim(`giver ${i}`, 'taker', 1)
  }
  assert.equal(credits.claim('giver 1', 'taker', 1), 'stale')
  assert.equal(credits.claim('giver 0', 'taker', 1), 'credited')
})

test('limits the bytes that one network can sign for within an hour, however many tickets it has', () => {
  for (let i = 0; i < 15; i++) {
    credits.open(`sybil ${i}`, { network: 'c', isSeed: false, ticket: 10 + i })
    credits.claim('giver', `sybil ${i}`, 2 * GiB)
  }
  assert.equal(credits.given.reader, 20 * GiB)
  now = 3_600_000
  credits.open('later', { network: 'c', isSeed: false, ticket: 5 })
  assert.equal(credits.claim('giver', 'later', 5), 'credited')
})

test('measures how evenly readers give', () => {
  assert.equal(credits.fairness, null)
  credits.claim('giver', 'taker', 100)
  assert.equal(credits.fairness, 0.5)
  credits.claim('taker', 'giver', 100)
  assert.equal(credits.fairness, 1)
  credits.claim('seed', 'taker', 1_000_000)
  assert.equal(credits.fairness, 1)
})
