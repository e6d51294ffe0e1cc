import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TokenBucket } from '@peerpress/wire/token-bucket'
import { spend, unspent } from './signal-budget.ts'

const start = 1_700_000_000_000
const offer = (length: number) => ({ kind: 'offer', sdp: 'x'.repeat(length) }) as const

test('is spent and refilled as a token bucket is', () => {
  const bucket = new TokenBucket({ burst: 48 * 1024, perSecond: 1024 }, start)
  let budget = unspent
  // Pauses and lengths that empty the budget, refill it in part and fill it.
  for (let step = 0, now = start; step < 500; step++, now += (step * 7919) % 20_011) {
    const length = (step * 104_729) % 12_000
    const left = spend(budget, offer(length), now)
    assert.equal(left !== null, bucket.take(now, 512 + length), `step ${step}`)
    budget = left ?? budget
  }
})

test('pays for a long offer and sixty candidates at once, and not for much more', () => {
  const candidate = { kind: 'candidate', candidate: '', sdpMid: null, sdpMLineIndex: null } as const
  let budget = spend(unspent, offer(12_000), start)
  let candidates = 0
  while (budget !== null) {
    budget = spend(budget, candidate, start)
    if (budget !== null) candidates++
  }
  assert.equal(candidates, 71)
})

test('is not lost for an hour when the clock is set back by one', () => {
  const budget = spend(unspent, offer(12_000), start)
  assert.notEqual(spend(budget ?? unspent, offer(12_000), start - 3_600_000), null)
})
