import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SiteBudget } from './site-budget.ts'

test('allows ten seconds’ worth at once, then the average, for each site', () => {
  let now = 5000
  const budget = new SiteBudget(2, () => now)
  for (let i = 0; i < 20; i++) assert.equal(budget.excess('a', 'home'), undefined)
  assert.equal(budget.excess('a', 'home'), 10, 'until the whole budget is available')
  now += 3500
  for (let i = 0; i < 7; i++) assert.equal(budget.excess('a', 'home'), undefined)
  assert.equal(budget.excess('a', 'home'), 10)
  assert.equal(budget.excess('b', 'home'), undefined)
  now += 6500
  for (let i = 0; i < 13; i++) assert.equal(budget.excess('a', 'home'), undefined)
})

test('a network that used up the budget of a site excludes no other network', () => {
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

test('allows at most twice the budget, however many networks there are', () => {
  const budget = new SiteBudget(10, () => 0)
  let taken = 0
  for (let network = 0; network < 1000; network++) {
    for (let i = 0; i < 5; i++) if (budget.excess('a', `network ${network}`) === undefined) taken++
  }
  assert.ok(taken <= 200, `${taken} taken`)
})

test('allows beacons again after the clock went back', () => {
  let now = 1_000_000
  const budget = new SiteBudget(0.1, () => now)
  assert.equal(budget.excess('a', 'home'), undefined)
  assert.equal(budget.excess('a', 'home'), 10)
  now = 0
  assert.equal(budget.excess('a', 'home'), undefined)
})

test('divides a budget that stays used up equally, second after second', () => {
  let now = 0
  const budget = new SiteBudget(10, () => now)
  const accepted = { greedy: 0, modest: 0 }
  for (; now < 60_000; now += 100) {
    for (let i = 0; i < 20; i++) if (budget.excess('a', 'greedy') === undefined) accepted.greedy++
    if (now % 500 === 0 && budget.excess('a', 'modest') === undefined) accepted.modest++
  }
  assert.equal(accepted.modest, 120, 'all of a network below its share')
  assert.ok(accepted.greedy <= 2 * 10 * 70, `${accepted.greedy} of the other`)
})
