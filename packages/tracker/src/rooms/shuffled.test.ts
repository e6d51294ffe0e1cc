import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lcg } from './lcg.testing.ts'
import { shuffled } from './shuffled.ts'

test('yields every item once, for any random source', () => {
  const random = fc.func(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 30 }), random, (items, at) => {
      let calls = 0
      const order = [...shuffled(items, () => at(calls++))]
      assert.deepEqual(new Set(order), new Set(items))
      assert.equal(order.length, items.length)
    }),
  )
})

test('yields every order equally often', () => {
  const seen = new Map<string, number>()
  const random = lcg(1)
  for (let i = 0; i < 24_000; i++) {
    const order = [...shuffled(['a', 'b', 'c', 'd'], random)].join('')
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  assert.equal(seen.size, 24)
  // 1000 of each are expected, with a standard deviation of 31.
  for (const [order, times] of seen) assert.ok(times > 845 && times < 1155, `${order}: ${times}`)
})
