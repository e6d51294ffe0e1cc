import assert from 'node:assert/strict'
import { test } from 'node:test'
import { consentPolicies, isAdmitted, isLooser, modes, type Policy, seedPolicy } from './policy.ts'

const full: Policy = { mode: 'full', consent: 'assumed' }

test('off is stricter than seeds-only, and seeds-only is stricter than full', () => {
  assert.ok(isLooser({ ...full, mode: 'seeds-only' }, { ...full, mode: 'off' }))
  assert.ok(isLooser(full, { ...full, mode: 'seeds-only' }))
  assert.ok(!isLooser({ ...full, mode: 'off' }, { ...full, mode: 'seeds-only' }))
})

test('required is stricter than notice, and notice is stricter than assumed', () => {
  assert.ok(isLooser({ ...full, consent: 'notice' }, { ...full, consent: 'required' }))
  assert.ok(isLooser(full, { ...full, consent: 'notice' }))
  assert.ok(!isLooser({ ...full, consent: 'required' }, { ...full, consent: 'notice' }))
})

test('a stricter mode does not compensate for a looser consent policy, nor the other way round', () => {
  const [one, other]: Policy[] = [
    { mode: 'seeds-only', consent: 'assumed' },
    { mode: 'full', consent: 'required' },
  ]
  assert.ok(one && other && isLooser(one, other) && isLooser(other, one))
})

test('a site that is off admits no reader, and a page that is off is admitted nowhere', () => {
  for (const mode of modes)
    for (const consent of consentPolicies) {
      assert.ok(!isAdmitted({ mode, consent }, { mode: 'off', consent: 'assumed' }))
      assert.ok(!isAdmitted({ mode: 'off', consent }, { mode, consent: 'assumed' }))
    }
})

test('a seed is admitted to every site that is not off', () => {
  for (const mode of modes)
    for (const consent of consentPolicies)
      assert.equal(isAdmitted(seedPolicy, { mode, consent }), mode !== 'off')
})
