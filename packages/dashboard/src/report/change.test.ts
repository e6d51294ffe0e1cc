import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeOf } from './change.ts'

test('a count changed clearly from a twentieth on', () => {
  assert.deepEqual(changeOf({ value: 150 }, { value: 100 }), { ratio: 0.5, isClear: true })
  assert.equal(changeOf({ value: 104 }, { value: 100 })?.isClear, false)
  assert.equal(changeOf({ value: 1 }, { value: 0 }), null)
  assert.equal(changeOf(null, { value: 1 }), null)
})

test('a percentile changed clearly only if the intervals are apart and both have enough samples', () => {
  const of = (low: number, value: number, high: number, enough = true) => ({ low, value, high, enough })
  assert.equal(changeOf(of(2000, 2200, 2400), of(1000, 1100, 1200))?.isClear, true)
  assert.equal(changeOf(of(1100, 2200, 3000), of(1000, 1100, 1200))?.isClear, false)
  assert.equal(changeOf(of(2000, 2200, 2400, false), of(1000, 1100, 1200))?.isClear, false)
})
