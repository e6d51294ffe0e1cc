import assert from 'node:assert/strict'
import { test } from 'node:test'
import { evidenceIdsGate } from './evidence-ids.ts'
import { honest, honestEvidence, withClaim } from './honest-draft.testing.ts'

test('each unknown id is named once, and known ones beside it do not help', () => {
  const input = withClaim('A claim.', [honestEvidence.hours.id, 'ev_missing', 'ev_missing', '__proto__'])
  assert.deepEqual(
    evidenceIdsGate(input).map(({ code, claim, reason }) => [code, claim, /“(.*)”/.exec(reason)?.[1]]),
    [
      ['unknown-evidence', 3, 'ev_missing'],
      ['unknown-evidence', 3, '__proto__'],
    ],
  )
  assert.deepEqual(evidenceIdsGate(honest), [])
})
