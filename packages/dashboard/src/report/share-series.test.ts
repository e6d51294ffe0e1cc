import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pointAt, stackShares } from './share-series.ts'
import { sourceShares, totalBytes } from './sources.ts'

const none = { peer: 0, seed: 0, mirror: 0, origin: 0, cache: 0 }
const points = [
  { start: 60_000, bytes: { ...none, peer: 3, origin: 1 } },
  { start: 120_000, bytes: none },
  { start: 180_000, bytes: { ...none, cache: 5 } },
]

test('shares are of all bytes, and there are none without bytes', () => {
  assert.equal(totalBytes(points[0]!.bytes), 4)
  assert.deepEqual(sourceShares(points[0]!.bytes), [0.75, 0, 0, 0.25, 0])
  assert.equal(sourceShares(none), null)
})

test('an interval is flat from start to end, stacked to 1', () => {
  const [times, ...bands] = stackShares(points.slice(0, 1), 60_000)
  assert.deepEqual(times, [60, 119.999])
  assert.deepEqual(bands, [
    [0.75, 0.75],
    [0.75, 0.75],
    [0.75, 0.75],
    [1, 1],
    [1, 1],
  ])
})

test('an interval without bytes is a gap', () => {
  const [times, peer] = stackShares(points, 60_000)
  assert.deepEqual(times, [60, 119.999, 120, 180, 239.999])
  assert.deepEqual(peer, [0.75, 0.75, null, 0, 0])
})

test('a time belongs to the interval that started last', () => {
  assert.equal(pointAt(points, 60_000, 60), points[0])
  assert.equal(pointAt(points, 60_000, 119.999), points[0])
  assert.equal(pointAt(points, 60_000, 239.999), points[2])
  assert.equal(pointAt(points, 60_000, 240), null)
})
