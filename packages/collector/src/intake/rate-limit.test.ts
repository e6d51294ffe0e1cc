import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RateLimit } from './rate-limit.ts'

test('lets as many through as there may be in ten seconds, for each key, and tells how long the rest waits', () => {
  let now = 5000
  const limit = new RateLimit(2, () => now)
  for (let i = 0; i < 20; i++) assert.equal(limit.excess('a'), undefined)
  now += 3500
  assert.equal(limit.excess('a'), 7)
  assert.equal(limit.excess('b'), undefined)
  now += 6500
  assert.equal(limit.excess('a'), undefined)
})

test('is not stopped by a clock that goes back', () => {
  let now = 1_000_000
  const limit = new RateLimit(0.1, () => now)
  assert.equal(limit.excess('a'), undefined)
  assert.equal(limit.excess('a'), 10)
  now = 0
  assert.equal(limit.excess('a'), undefined)
})

test('counts those that it has no room for together', () => {
  const limit = new RateLimit(0.1, () => 0)
  for (let i = 0; i < 100_000; i++) assert.equal(limit.excess(`key ${i}`), undefined)
  assert.equal(limit.excess('one more'), undefined)
  assert.equal(limit.excess('and another'), 10)
  assert.equal(limit.excess('key 7'), 10)
})

test('limits nothing where nothing is to be limited', () => {
  const limit = new RateLimit(Infinity, () => 0)
  for (let i = 0; i < 1000; i++) assert.equal(limit.excess('a'), undefined)
})
