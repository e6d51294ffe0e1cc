import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crowdLimit } from './limit.ts'

// 1000 bytes; 1 byte/ms from the origin and from each reader.
const links = { size: 1000, originUp: 1, down: 4, up: 1 }

test('is the fluid limit of Kumar & Ross where all come at once', () => {
  const arrivals = Array<number>(10).fill(0)
  // max(F/u, F/d, N·F/(u + Σu))
  assert.equal(crowdLimit({ arrivals, ...links }, 10), 1000)
  assert.equal(crowdLimit({ arrivals, ...links, originUp: 4, down: 1 }, 10), 1000)
  const upload = crowdLimit({ arrivals, ...links, originUp: 2, up: 0.25 }, 10)
  assert.ok(Math.abs(upload - (10 * 1000) / (2 + 10 * 0.25)) <= 1)
})

test('a reader that comes alone, long after the others, may have it at the speed of its link', () => {
  assert.equal(crowdLimit({ arrivals: [0, 50_000], ...links, down: 1 }, 2), 1000)
})

test('readers that may stay unserved make room for the others', () => {
  const crowd = { arrivals: Array<number>(10).fill(0), ...links, originUp: 2, up: 0.25 }
  const most = crowdLimit(crowd, 5)
  assert.ok(most < crowdLimit(crowd, 10))
  assert.ok(Math.abs(most - (5 * 1000) / (2 + 10 * 0.25)) <= 1)
})

test('a crowd that comes closer together than the first can pass it on takes longer', () => {
  const spread = Array.from({ length: 24 }, (_, index) => index * 400)
  const crowd = { size: 10_000_000, originUp: 2500, down: 2500, up: 1250 }
  const apart = crowdLimit({ arrivals: spread, ...crowd }, 24)
  const close = crowdLimit({ arrivals: spread.map((at) => at / 10), ...crowd }, 24)
  assert.ok(apart >= 4000 && close > apart, `${apart} ms, ${close} ms`)
})
