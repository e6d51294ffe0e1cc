import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { burnRules, canBurn, isBurning, wilsonLowerBound } from './burn-rate.ts'

describe('the lower bound of a failure ratio', () => {
  test('is the ratio from which the observed one is exactly 1.645 standard errors away', () => {
    for (const [failed, total] of [
      [3, 10],
      [8, 60],
      [1, 1],
      [50, 100],
      [30, 4320],
    ] as const) {
      const bound = wilsonLowerBound({ failed, total })
      const standardError = Math.sqrt((bound * (1 - bound)) / total)
      assert.ok(Math.abs((failed / total - bound) / standardError - 1.645) < 1e-9)
    }
  })
  test('is 0 without events and without failures', () => {
    assert.equal(wilsonLowerBound({ total: 0, failed: 0 }), 0)
    assert.equal(wilsonLowerBound({ total: 500, failed: 0 }), 0)
  })
})

describe('a burn rule', () => {
  const [fast, , slow] = burnRules
  const goal = 0.995
  const burns = (long: readonly [number, number], short: readonly [number, number], target = goal) =>
    isBurning(fast!, target, {
      long: { failed: long[0], total: long[1] },
      short: { failed: short[0], total: short[1] },
    })

  test('burns when both windows do', () => assert.equal(burns([30, 60], [5, 5]), true))
  test('does not burn with two failures, however few events there are', () => {
    assert.equal(burns([2, 2], [2, 2]), false)
    assert.equal(burns([3, 3], [3, 3]), true)
  })
  test('does not burn after the trouble has ended', () => {
    assert.equal(burns([30, 60], [0, 5]), false)
    assert.equal(burns([30, 60], [0, 0]), false)
  })
  test('does not burn while chance explains the long window', () => {
    // Raw, 4 of 50 are 8 %, more than 14.4 times 0.5 %.
    assert.equal(burns([4, 50], [1, 1]), false)
  })
  test('cannot burn if a total outage is within its rate', () => {
    assert.equal(canBurn(fast!, 0.75), false)
    assert.equal(canBurn(slow!, 0.75), true)
    assert.equal(burns([1000, 1000], [100, 100], 0.75), false)
  })
})
