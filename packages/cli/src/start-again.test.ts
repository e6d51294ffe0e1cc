import assert from 'node:assert/strict'
import { test } from 'node:test'
import { earlierRun, mayTryAgain, restartPause } from './start-again.ts'

test('the first restart is immediate; further ones in a row wait longer each time, up to a minute', () => {
  const pauses = Array.from({ length: 9 }, (_, inARow) => restartPause(inARow))
  assert.deepEqual(pauses, [0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
})

test('counts are handed from run to run', () => {
  assert.deepEqual(earlierRun({ PEERPRESS_EARLIER_RUN: '3 1 4 2' }), {
    exception: 3,
    rejection: 1,
    restarts: 4,
    inARow: 2,
  })
})

for (const value of [undefined, '', 'x', '1 2 x 4', '1.5 0 0 0']) {
  test(`counts begin at zero when the environment says ${JSON.stringify(value)}`, () => {
    const environment = value === undefined ? {} : { PEERPRESS_EARLIER_RUN: value }
    assert.deepEqual(earlierRun(environment), { exception: 0, rejection: 0, restarts: 0, inARow: 0 })
  })
}

test('a run that cannot start is followed by another if a restart began it and the error may pass', () => {
  const of = (code: string) => Object.assign(new Error('no'), { code })
  const first = earlierRun({})
  const second = earlierRun({ PEERPRESS_EARLIER_RUN: '1 0 1 1' })
  assert.ok(mayTryAgain(second, of('directory-locked')))
  assert.ok(mayTryAgain(second, of('EADDRINUSE')))
  assert.ok(mayTryAgain(second, new Error('no')))
  assert.ok(!mayTryAgain(second, of('bad-config')))
  assert.ok(!mayTryAgain(first, of('directory-locked')))
})
