import assert from 'node:assert/strict'
import { test } from 'node:test'
import { difference } from './experiment.ts'
import type { Quantile } from '../model/values.ts'

const quantile = (value: number, low: number, high: number, samples = 100): Quantile => ({
  p: 0.75,
  value,
  low,
  high,
  samples,
  error: 0,
  enough: samples >= 30,
})

test('the interval of a difference is made of the sides of both intervals that face it', () => {
  // Low: 5² + 12² = 13². High: 8² + 6² = 10².
  assert.deepEqual(difference(quantile(100, 95, 108), quantile(200, 194, 212)), {
    value: -100,
    low: -113,
    high: -90,
    samples: 100,
    baselineSamples: 100,
    enough: true,
    conclusive: true,
  })
})

test('nothing is concluded across 0, nor from too few samples, nor from an arm without any', () => {
  const wide = difference(quantile(100, 50, 150), quantile(110, 60, 160))
  assert.deepEqual([wide?.enough, wide?.conclusive], [true, false])
  const few = difference(quantile(100, 99, 101, 29), quantile(200, 199, 201))
  assert.deepEqual([few?.enough, few?.conclusive], [false, false])
  assert.equal(difference(null, quantile(1, 1, 1)), null)
  assert.equal(difference(quantile(1, 1, 1), null), null)
})

test('covers the true difference of skewed samples about 19 times in 20', () => {
  let state = 7
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647
  const sample = (scale: number, n: number): Quantile => {
    const sorted = Array.from({ length: n }, () => -scale * Math.log(random())).toSorted((a, b) => a - b)
    const margin = 1.96 * Math.sqrt(0.1875 / n)
    const at = (share: number) => sorted[Math.min(n, Math.max(1, Math.ceil(n * share))) - 1] ?? Number.NaN
    return { ...quantile(at(0.75), at(0.75 - margin), at(0.75 + margin), n) }
  }
  const truth = (1000 - 1300) * Math.log(4)
  let covered = 0
  for (let run = 0; run < 1000; run++) {
    const found = difference(sample(1000, 400), sample(1300, 80))
    if (found !== null && found.low <= truth && truth <= found.high) covered++
  }
  assert.ok(covered >= 925 && covered <= 980, String(covered))
})
