import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimit } from './rate-limit.ts'

test('allows ten seconds’ worth at once, then the average, for each key', () => {
  let now = 5000
  const limit = new RateLimit(2, () => now)
  for (let i = 0; i < 20; i++) assert.equal(limit.excess('a'), undefined)
  assert.equal(limit.excess('a'), 10, 'until the whole limit is available')
  now += 3500
  for (let i = 0; i < 7; i++) assert.equal(limit.excess('a'), undefined)
  assert.equal(limit.excess('a'), 10)
  assert.equal(limit.excess('b'), undefined)
  now += 6500
  for (let i = 0; i < 13; i++) assert.equal(limit.excess('a'), undefined)
  now += 2000
  assert.equal(limit.excess('a', 5), 10, 'what was left is used up')
  now += 10_000
  for (let i = 0; i < 20; i++) assert.equal(limit.excess('a'), undefined)
})

test('allows beacons again after the clock went back', () => {
  let now = 1_000_000
  const limit = new RateLimit(0.1, () => now)
  assert.equal(limit.excess('a'), undefined)
  assert.equal(limit.excess('a'), 10)
  now = 0
  assert.equal(limit.excess('a'), undefined)
})

test('counts keys together once there are too many', () => {
  const limit = new RateLimit(0.1, () => 0)
  for (let i = 0; i < 100_000; i++) assert.equal(limit.excess(`key ${i}`), undefined)
  assert.equal(limit.excess('one more'), undefined)
  assert.equal(limit.excess('and another'), 10)
  assert.equal(limit.excess('key 7'), 10)
})

test('limits nothing if the rate is infinite', () => {
  const limit = new RateLimit(Infinity, () => 0)
  for (let i = 0; i < 1000; i++) assert.equal(limit.excess('a'), undefined)
})
