import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RestartPause } from './restart-pause.ts'

test('the pause grows up to 10 s while engines die soon after their start, and there is none after a long run', () => {
  const pause = new RestartPause()
  const pauses = Array.from({ length: 8 }, () => pause.after(1000))
  assert.deepEqual(pauses, [0, 250, 500, 1000, 2000, 4000, 8000, 10_000])
  assert.equal(pause.after(60_000), 0)
  assert.equal(pause.after(10), 250)
})
