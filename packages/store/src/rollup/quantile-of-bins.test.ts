import assert from 'node:assert/strict'
import { test } from 'node:test'
import { upperEdge } from './log-bins.ts'
import { type BinnedViews, quantileOfBins } from './quantile-of-bins.ts'

/** Returns these bins, each with this many views. */
function binned(views: readonly (readonly [bin: number, count: number])[]): BinnedViews {
  const below = [0]
  for (const [, count] of views) below.push((below.at(-1) ?? 0) + count)
  return { samples: below.at(-1) ?? 0, bins: views.map(([bin]) => bin), below }
}

const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual} for ${expected}`)

test('a single view is in the middle of its bin, on a logarithmic scale', () => {
  near(quantileOfBins(binned([[100, 1]]), 0.75).value, 1.02 ** 98.5)
})

test('views of one bin are spread evenly on a logarithmic scale if the neighbours have as many', () => {
  const views = binned([
    [99, 1000],
    [100, 1000],
    [101, 1000],
  ])
  // The 1500th of 3000 is the 500th of the bin's thousand.
  near(quantileOfBins(views, 0.5).value, 1.02 ** (98 + 0.4995))
})

test('if the density falls, more views of a bin are at its lower end', () => {
  const views = binned([
    [99, 3000],
    [100, 2000],
    [101, 1000],
  ])
  // Density 1 - (t - 1/2) / 2, of which half is below t: 5t/4 - t²/4 = (1000 - 1/2) / 2000.
  const position = (5 - Math.sqrt(25 - 16 * (999.5 / 2000))) / 2
  near(quantileOfBins(views, 2 / 3).value, 1.02 ** (98 + position))
})

test('each value is in the bin of the exact one', () => {
  const views = binned([
    [50, 700],
    [51, 1],
    [300, 299],
  ])
  const { value, low, high } = quantileOfBins(views, 0.7)
  assert.ok(low > 1.02 ** 48 && low < value && value < 1.02 ** 49, `${low} ${value}`)
  assert.ok(high > 1.02 ** 298 && high < 1.02 ** 299, String(high))
})

test('the lowest bins have one value each, and no value is above the maximum', () => {
  assert.deepEqual(quantileOfBins(binned([[0, 90]]), 0.75), { value: 0, low: 0, high: 0 })
  assert.deepEqual(quantileOfBins(binned([[1, 90]]), 0.75), { value: 0.5, low: 0.5, high: 0.5 })
  const { high } = quantileOfBins(binned([[467, 90]]), 0.5, { max: 10_000 })
  assert.ok(high > 9979 && high < 10_000, String(high))
})

test('values are multiples of a step only if all measured values are', () => {
  // 184, 192 and 200 ms are in these, and nothing is in the bins between.
  const steps = [binOf(184), binOf(192), binOf(200)] as const
  const alone = steps.map((bin) => [bin, 100] as const)
  assert.deepEqual(quantileOfBins(binned(alone), 0.5, { step: 8 }), { value: 192, low: 192, high: 192 })
  const everywhere = Array.from({ length: 5 }, (_, i) => [steps[0] + i, 100] as const)
  const { value } = quantileOfBins(binned(everywhere), 0.5, { step: 8 })
  assert.ok(value % 8 !== 0 && value < upperEdge(steps[0] + 2), String(value))
})

function binOf(value: number): number {
  return 2 + Math.floor(Math.log(value) / Math.log(1.02))
}
