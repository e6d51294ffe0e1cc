import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Allowance } from './allowance.ts'

const takeAll = (allowance: Allowance, now: number) => {
  let taken = 0
  while (allowance.take(now)) taken++
  return taken
}

test('allows a burst, then the average', () => {
  const allowance = new Allowance({ burst: 10, perSecond: 2 }, 0)
  assert.equal(takeAll(allowance, 0), 10)
  assert.equal(takeAll(allowance, 499), 0)
  assert.equal(takeAll(allowance, 1000), 2)
})

test('saves up no more than a burst', () => {
  const allowance = new Allowance({ burst: 10, perSecond: 2 }, 0)
  assert.equal(takeAll(allowance, 3_600_000), 10)
})

test('gives nothing for a clock that goes back', () => {
  const allowance = new Allowance({ burst: 10, perSecond: 2 }, 1000)
  assert.equal(takeAll(allowance, 1000), 10)
  assert.equal(takeAll(allowance, 0), 0)
  assert.equal(takeAll(allowance, 500), 1)
})

test('takes several at once, or none of them', () => {
  const allowance = new Allowance({ burst: 10, perSecond: 2 }, 0)
  assert.ok(allowance.take(0, 7))
  assert.ok(!allowance.take(0, 4))
  assert.ok(allowance.take(0, 3))
})
