import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ProbeRecord } from '@peerpress/registry'
import { judgeProbes } from './judge-probes.ts'
import { ProbeSilence } from './probe-silence.ts'

/** Newest first: `x` is a failure. */
function outcomes(text: string): ProbeRecord[] {
  return text.split('').map((each, index) => ({
    site: 'site',
    kind: 'http',
    url: 'https://blog.example/',
    at: new Date(1_000_000 - index * 60_000),
    ok: each !== 'x',
    failure: each === 'x' ? { code: 'timeout', message: 'it did not answer in 10 s.' } : null,
    durationMs: 1,
    timings: {},
  }))
}

describe('probes of a site', () => {
  for (const [latest, state] of [
    ['xxx', 'failing'],
    ['xx.', 'unclear'],
    ['.xx', 'unclear'],
    ['..x', 'well'],
    ['...', 'well'],
    ['xx', 'unclear'],
    ['.', 'unclear'],
    ['', 'unclear'],
  ] as const) {
    test(`are ${state} after the outcomes "${latest}", newest first`, () =>
      assert.equal(judgeProbes('http', outcomes(latest)).state, state))
  }
  test('fail since the first failure, for the last reason', () => {
    assert.deepEqual(judgeProbes('http', outcomes('xxx')), {
      state: 'failing',
      since: new Date(1_000_000 - 120_000),
      summary: 'The site does not answer: 3 probes in a row failed. The last one: it did not answer in 10 s.',
    })
  })
})

describe('the silence of a probe', () => {
  let steady = 5000
  const silence = new ProbeSilence(() => steady)

  test('is measured from when its last outcome was first seen, whatever the clock says', () => {
    const longAgo = new Date(0)
    assert.equal(silence.silentFor('http a', longAgo), 0)
    steady += 60_000
    assert.equal(silence.silentFor('http a', longAgo), 60_000)
    assert.equal(silence.silentFor('http b', longAgo), 0)
  })
  test('ends with another outcome, also an earlier one after the clock was set back', () => {
    assert.equal(silence.silentFor('http a', new Date(-60_000)), 0)
    steady += 1000
    assert.equal(silence.silentFor('http a', new Date(-60_000)), 1000)
  })
})
