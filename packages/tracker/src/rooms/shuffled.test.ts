import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lcg } from './lcg.testing.ts'
import { shuffled } from './shuffled.ts'

test('gives every item once, whatever the random source says', () => {
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

test('gives every order as often as any other', () => {
  const seen = new Map<string, number>()
  const random = lcg(1)
  for (let i = 0; i < 24_000; i++) {
    const order = [...shuffled(['a', 'b', 'c', 'd'], random)].join('')
    seen.set(order, (seen.get(order) ?? 0) + 1)
  }
  assert.equal(seen.size, 24)
  // 1000 expected of each, standard deviation 31.
  for (const [order, times] of seen) assert.ok(times > 845 && times < 1155, `${order}: ${times}`)
})
