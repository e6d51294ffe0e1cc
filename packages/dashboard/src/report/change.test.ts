import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isClearChange } from './change.ts'

test('a count changed clearly from a twentieth on', () => {
  const of = (ratio: number | null) => isClearChange({ ratio, interval: null, conclusive: false })
  assert.equal(of(0.5), true)
  assert.equal(of(-0.05), true)
  assert.equal(of(0.04), false)
  assert.equal(of(null), false)
})

test('a figure with an interval changed clearly only if the graph calls the difference conclusive', () => {
  const interval = { low: 80, high: 120 }
  assert.equal(isClearChange({ ratio: 0.1, interval, conclusive: true }), true)
  assert.equal(isClearChange({ ratio: 0.1, interval, conclusive: false }), false)
  assert.equal(isClearChange({ ratio: 0.01, interval, conclusive: true }), false)
})
