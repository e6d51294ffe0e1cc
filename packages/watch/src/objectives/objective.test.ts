import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaultTargets, objectivesOf, targetProblem } from './objective.ts'

test('a site that chose nothing has the defaults', () => {
  assert.deepEqual(objectivesOf([]), [
    { kind: 'availability', target: 0.995, changedAt: null },
    { kind: 'lcp', target: 0.75, changedAt: null },
  ])
  for (const target of Object.values(defaultTargets)) assert.equal(targetProblem(target), null)
})

test('a choice replaces its default alone', () => {
  const chosen = { kind: 'lcp', target: 0.9, changedAt: new Date(0) } as const
  assert.deepEqual(objectivesOf([chosen])[1], chosen)
  assert.equal(objectivesOf([chosen])[0]?.target, 0.995)
})

test('an objective that no burn rate can reach is refused with the reason', () => {
  assert.match(targetProblem(0) ?? '', /No burn rate can reach/)
  assert.equal(targetProblem(0.01), null)
})

test('an objective without an error budget is refused with the reason', () => {
  for (const target of [1, 0.99995]) assert.match(targetProblem(target) ?? '', /no error budget/)
  assert.equal(targetProblem(0.9999), null)
})

test('what is no ratio is refused with an example', () => {
  for (const target of [99.5, -0.1, NaN, Infinity]) assert.match(targetProblem(target) ?? '', /such as 0.995/)
})
