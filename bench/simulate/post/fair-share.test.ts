import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fairShareTimes } from './fair-share.ts'

const links = { originUp: 10, up: 5, down: 20 }

test('a reader who comes alone has the origin alone', () => {
  const times = fairShareTimes({ ...links, arrivals: [5], fromOrigin: [0], fromAnyone: [100] })
  assert.deepEqual(times, [10])
})

test('readers share the origin and all uplinks, and nobody sends to itself', () => {
  const crowd = { ...links, fromOrigin: [0, 0], fromAnyone: [100, 100] }
  // 10 and twice 5 for two readers: 10 each.
  assert.deepEqual(fairShareTimes({ ...crowd, arrivals: [0, 0] }), [10, 10])
  // The second comes as the first has everything: 10 from the origin and 5 from the first.
  const [first = NaN, second = NaN] = fairShareTimes({ ...crowd, arrivals: [0, 10] })
  assert.equal(first, 10)
  assert.ok(Math.abs(second - 100 / 15) < 1e-9)
})

test('nobody receives more than its link carries', () => {
  const times = fairShareTimes({
    ...links,
    down: 4,
    arrivals: [0, 0],
    fromOrigin: [0, 0],
    fromAnyone: [100, 100],
  })
  assert.deepEqual(times, [25, 25])
})

test('what only the origin can give is shared among those who need it, as long as that is less than an equal share', () => {
  const crowd = {
    originUp: 6,
    up: 6,
    down: Infinity,
    arrivals: [0, 0],
    fromOrigin: [60, 0],
    fromAnyone: [0, 120],
  }
  // The first has all of the origin, the second the first's uplink; after 10 ms the second has both.
  assert.deepEqual(fairShareTimes(crowd), [10, 15])
})
