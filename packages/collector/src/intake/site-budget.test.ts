import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SiteBudget } from './site-budget.ts'

test('lets a site take its budget in ten seconds, and tells how long the rest waits', () => {
  let now = 5000
  const budget = new SiteBudget(2, () => now)
  for (let i = 0; i < 20; i++) assert.equal(budget.excess('a', 'home'), undefined)
  now += 3500
  assert.equal(budget.excess('a', 'home'), 7)
  assert.equal(budget.excess('b', 'home'), undefined)
  now += 6500
  assert.equal(budget.excess('a', 'home'), undefined)
})

test('a network that used up the budget of a site keeps no other network out', () => {
  const budget = new SiteBudget(2, () => 0)
  for (let i = 0; i < 20; i++) budget.excess('a', 'greedy')
  for (let i = 0; i < 6; i++) {
    assert.equal(budget.excess('a', 'one'), undefined)
    assert.equal(budget.excess('a', 'two'), undefined)
    assert.equal(budget.excess('a', 'greedy'), 10)
  }
  // A third of the budget each.
  assert.equal(budget.excess('a', 'one'), 10)
})

test('takes twice the budget at most, however many networks there are', () => {
  const budget = new SiteBudget(10, () => 0)
  let taken = 0
  for (let network = 0; network < 1000; network++) {
    for (let i = 0; i < 5; i++) if (budget.excess('a', `network ${network}`) === undefined) taken++
  }
  assert.ok(taken <= 200, `${taken} taken`)
})

test('is not stopped by a clock that goes back', () => {
  let now = 1_000_000
  const budget = new SiteBudget(0.1, () => now)
  assert.equal(budget.excess('a', 'home'), undefined)
  assert.equal(budget.excess('a', 'home'), 10)
  now = 0
  assert.equal(budget.excess('a', 'home'), undefined)
})
