import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenBucket } from './token-bucket.ts'

const limit = { burst: 10, perSecond: 2 }

/** Returns how many tokens can be taken one by one. */
function takeEach(bucket: TokenBucket, now: number): number {
  let taken = 0
  while (bucket.take(now)) taken++
  return taken
}

test('allows a burst, then the average', () => {
  const bucket = new TokenBucket(limit, 0)
  assert.equal(takeEach(bucket, 0), 10)
  assert.equal(takeEach(bucket, 499), 0)
  assert.equal(takeEach(bucket, 1000), 2)
})

test('saves up no more than a burst', () => {
  const bucket = new TokenBucket(limit, 0)
  assert.equal(takeEach(bucket, 3_600_000), 10)
})

test('adds nothing when the clock goes back', () => {
  const bucket = new TokenBucket(limit, 1000)
  assert.equal(takeEach(bucket, 1000), 10)
  assert.equal(takeEach(bucket, 0), 0)
  assert.equal(takeEach(bucket, 500), 1)
})

test('takes several tokens, or none of them', () => {
  const bucket = new TokenBucket(limit, 0)
  assert.ok(bucket.take(0, 7))
  assert.ok(!bucket.take(0, 4))
  assert.ok(bucket.take(0, 3))
})

test('takes all whole tokens, and fills up beside frequent calls', () => {
  const bucket = new TokenBucket(limit, 0)
  bucket.takeAll(0)
  assert.ok(!bucket.take(0))
  for (let now = 100; now < 500; now += 100) bucket.takeAll(now)
  assert.ok(bucket.take(500))
})

test('returns when it is full again', () => {
  const bucket = new TokenBucket(limit, 0)
  assert.equal(bucket.secondsUntilFull(0), 0)
  assert.ok(bucket.isFull(0))
  assert.equal(takeEach(bucket, 0), 10)
  assert.equal(bucket.secondsUntilFull(1), 5)
  assert.equal(bucket.secondsUntilFull(3500), 2)
  assert.ok(!bucket.isFull(4999))
  assert.ok(bucket.isFull(5000))
})

test('limits nothing if it is infinite', () => {
  const bucket = new TokenBucket({ burst: Infinity, perSecond: Infinity }, 0)
  for (let now = 0; now < 10; now++) assert.ok(bucket.take(now, 1e9))
})
