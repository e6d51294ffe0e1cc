import assert from 'node:assert/strict'
import { test } from 'node:test'
import { item, oneClaim } from './honest-draft.testing.ts'
import { localFactsGate } from './local-facts.ts'

function refusals(regions: readonly (string | null)[], region: string | null) {
  const items = regions.map((each, index) => item(`fact ${index}`, { region: each }))
  const claims = items.map(({ id }) => ({ text: 'A claim.', evidence: [id, id] }))
  return localFactsGate({
    ...oneClaim('', 'x', { region }),
    content: { title: '', description: '', sections: [{ heading: '', claims }] },
    evidence: new Map(items.map((each) => [each.id, each])),
  })
}

test('a draft for a region cites three facts of it or of its subdivisions', () => {
  assert.deepEqual(refusals(['FR', 'FR-69', 'FR'], 'FR'), [])
  assert.equal(refusals(['FR', 'FR-69', 'DE'], 'FR')[0]?.code, 'few-local-facts')
  assert.equal(refusals(['FR', 'FR-69', null], 'FR').length, 1)
  assert.deepEqual(refusals(['FR-69', 'FR-69', 'FR-69'], 'FR-69'), [])
  assert.equal(refusals(['FR', 'FR', 'FR'], 'FR-69').length, 1)
})

test('a draft for no region needs none', () => {
  assert.deepEqual(refusals([], null), [])
})

test('a fact that is cited twice counts once', () => {
  assert.match(refusals(['FR'], 'FR')[0]?.reason ?? '', /cites 1\.$/)
})
