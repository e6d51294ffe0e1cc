import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testsFor } from './select-tests.ts'

const checks = 'test/repository/checks.test.ts'
const tests = [
  'packages/a/src/far.test.ts',
  'packages/a/src/near.test.ts',
  'packages/b/src/other.test.ts',
  checks,
  'test/wordpress/plugin.test.ts',
]

test('tests that load the change are selected, nearest first, after the checks; others are not', () => {
  const dependents = new Map([
    ['packages/a/src/far.test.ts', 5],
    ['packages/a/src/near.test.ts', 1],
  ])
  const { selected, left } = testsFor(tests, {
    changed: ['packages/a/src/a.ts'],
    dependents,
    durations: {},
  })
  assert.deepEqual(selected, [checks, 'packages/a/src/near.test.ts', 'packages/a/src/far.test.ts'])
  assert.deepEqual(left, [])
})

test('tests for which there is no time are left out by name, and shorter ones take the rest', () => {
  const durations = { [checks]: 60_000, 'packages/a/src/near.test.ts': 270_000 }
  const dependents = new Map(tests.slice(0, 2).map((name, i) => [name, 2 - i]))
  const { selected, left } = testsFor(tests, { changed: ['packages/a/src/a.ts'], dependents, durations })
  assert.deepEqual(selected, [checks, 'packages/a/src/far.test.ts'])
  assert.deepEqual(left, ['packages/a/src/near.test.ts'])
})

test('a change of the plugin selects its tests, one of a manifest those of its package, one of a document the checks', () => {
  const selectedFor = (file: string) =>
    testsFor(tests, { changed: [file], dependents: new Map(), durations: {} }).selected
  assert.deepEqual(selectedFor('plugins/wordpress/peerpress.php'), [checks, 'test/wordpress/plugin.test.ts'])
  assert.deepEqual(selectedFor('packages/b/package.json'), [checks, 'packages/b/src/other.test.ts'])
  assert.deepEqual(selectedFor('README.md'), [checks])
  assert.equal(selectedFor('package-lock.json').length, tests.length)
})
