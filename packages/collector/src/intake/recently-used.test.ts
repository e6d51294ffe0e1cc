import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RecentlyUsed } from './recently-used.ts'

/** Values that count how often they were used. */
const counters = () => new RecentlyUsed(() => ({ uses: 0 }), 1000)
const useOf = (values: RecentlyUsed<{ uses: number }>, key: string, now: number) => ++values.of(key, now).uses

test('a value that is used stays', () => {
  const values = counters()
  const uses = [0, 600, 1200, 2100, 3000, 3999].map((now) => useOf(values, 'a', now))
  assert.deepEqual(uses, [1, 2, 3, 4, 5, 6])
})

test('a value that is not used is forgotten, between once and twice the time', () => {
  const values = counters()
  useOf(values, 'a', 0)
  useOf(values, 'b', 0)
  assert.equal(useOf(values, 'a', 1000), 2)
  assert.equal(values.size, 2)
  assert.equal(useOf(values, 'a', 2000), 3)
  assert.ok(!values.has('b'))
  assert.equal(useOf(values, 'a', 4000), 1)
  assert.equal(values.size, 1)
})

test('all values are forgotten when the clock goes back', () => {
  const values = counters()
  useOf(values, 'a', 5000)
  assert.equal(useOf(values, 'a', 4999), 1)
})
