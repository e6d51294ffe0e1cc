import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionRaise } from './version-raise.ts'

test('versions rise past what can have been issued since the backup, and past a clock that was set back', () => {
  const day = 86_400_000
  assert.equal(versionRaise(0, 0), 1_048_576)
  assert.equal(versionRaise(5 * day, 0), 1_048_576)
  assert.equal(versionRaise(0, day), 1_048_576 + 4 * 86_400)
  // Restored twice from one backup: the second is past all that the first can have issued in between.
  assert.ok(versionRaise(0, 2 * day) - versionRaise(0, day) >= 86_400)
})
