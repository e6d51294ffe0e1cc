import assert from 'node:assert/strict'
import { test } from 'node:test'
import { repeatFailed } from './repeat-failed.ts'
import type { FailedTest, TestRun } from './run-test-files.ts'

const failure = (file: string): FailedTest => ({ file, name: 'a', message: 'too late' })
const runOf = (passed: number, failures: readonly FailedTest[]): TestRun => ({
  counts: { passed, failed: failures.length, skipped: 1 },
  failures,
  durations: new Map(),
})

test('a file that failed beside others passes when it passes alone, and is named', async () => {
  const asked: (readonly string[])[] = []
  const { run, passedAlone } = await repeatFailed(
    runOf(7, [failure('x'), failure('x'), failure('y')]),
    (files) => {
      asked.push(files)
      return Promise.resolve(runOf(4, [failure('y')]))
    },
  )
  assert.deepEqual(asked, [['x', 'y']])
  assert.deepEqual(run.counts, { passed: 9, failed: 1, skipped: 1 })
  assert.deepEqual(run.failures, [failure('y')])
  assert.deepEqual(passedAlone, [failure('x'), failure('x')])
})

test('nothing runs again when nothing failed, or when so much failed that it is no accident', async () => {
  for (const failures of [[], ['a', 'b', 'c', 'd'].map(failure)]) {
    const first = runOf(1, failures)
    const { run, passedAlone } = await repeatFailed(first, () => assert.fail('it ran again'))
    assert.equal(run, first)
    assert.deepEqual(passedAlone, [])
  }
})
