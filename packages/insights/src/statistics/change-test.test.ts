import assert from 'node:assert/strict'
import { test } from 'node:test'
import { meanAutocorrelation, type Observation, testChange } from './change-test.ts'

const difference = new Map([
  ['a', 1],
  ['b', -1],
])

function observations(b: readonly number[], a: readonly number[], countingVariance = 0): Observation[] {
  return [...b, ...a].map((value, week) => ({
    week,
    value,
    period: week < b.length ? 'b' : 'a',
    countingVariance,
  }))
}

// Alternating residuals: their autocorrelation is negative, and counts as 0.
const earlier = [10, 12, 10, 12, 10, 12]
const recent = [8, 10, 8, 10]

test('without autocorrelation it is the pooled two-sample t-test', () => {
  const found = testChange(observations(earlier, recent), difference)
  assert.ok(found)
  const pooled = 10 / 8
  assert.ok(Math.abs(found.change + 2) < 1e-12)
  assert.equal(found.autocorrelation, 0)
  assert.equal(found.degreesOfFreedom, 8)
  assert.ok(Math.abs(found.standardError - Math.sqrt(pooled * (1 / 4 + 1 / 6))) < 1e-12)
  // t = -2.771 with 8 degrees of freedom: between the upper points 2.306 (0.025) and 2.896 (0.01) of the table.
  assert.ok(found.pValue > 0.01 && found.pValue < 0.025)
})

test('values that stay near the ones before widen the interval', () => {
  const drifting = [10, 10.5, 11, 11.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 9.5]
  const found = testChange(observations(drifting, [8.5, 8.6, 9, 9.4]), difference)
  assert.ok(found)
  assert.ok(found.autocorrelation > 0.5)
  const shuffled = [10, 12, 9.5, 11.5, 10.5, 9, 11, 9.5, 11.5, 10, 11, 10.5]
  const plain = testChange(observations(shuffled, [8.6, 9.4, 8.5, 9]), difference)
  assert.ok(plain && found.standardError > 1.3 * plain.standardError)
})

test('weeks that are not neighbours do not count as such', () => {
  const apart = observations([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4]).map((of) => ({
    ...of,
    week: 2 * of.week,
  }))
  const found = testChange(apart, difference)
  assert.equal(found?.autocorrelation, 0)
})

test('values without any noise have the noise of counting', () => {
  const found = testChange(observations([3, 3, 3, 3], [2, 2, 2, 2], 0.5), difference)
  assert.ok(found)
  assert.ok(Math.abs(found.standardError - Math.sqrt(0.5 * (1 / 4 + 1 / 4))) < 1e-12)
  assert.ok(found.pValue > 0.01)
})

test('the change of the year before is subtracted, with its noise', () => {
  const year = (values: Observation[], name: string, shift: number) =>
    values.map((of) => ({ ...of, week: of.week + shift, period: `${of.period}${name}` }))
  const now = observations(earlier, recent)
  const both = [...now, ...year(now, ' last year', -52)]
  const weights = new Map([...difference, ['a last year', -1] as const, ['b last year', 1] as const])
  const found = testChange(both, weights)
  assert.ok(found)
  assert.ok(Math.abs(found.change) < 1e-12)
  assert.ok(Math.abs(found.pValue - 0.5) < 1e-9)
  assert.ok(found.standardError > (testChange(now, difference)?.standardError ?? Infinity))
})

test('too few values are no test', () => {
  assert.equal(testChange(observations([1, 2], [1]), difference), null)
  assert.equal(testChange([], difference), null)
})

test('the autocorrelation of a series counts as at least that of all of them', () => {
  const drifting = observations([10, 10.5, 11, 11.5, 12, 11.5, 11, 10.5, 10, 9.5, 9, 9.5], [8.5, 8.6, 9, 9.4])
  const alternating = observations(earlier, recent)
  const mean = meanAutocorrelation([drifting, drifting, alternating])
  assert.ok(mean > 0 && mean < meanAutocorrelation([drifting]))
  assert.equal(meanAutocorrelation([alternating]), 0)
  assert.equal(meanAutocorrelation([]), 0)
  assert.equal(testChange(alternating, difference, mean)?.autocorrelation, mean)
})
