import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lastClaim, unreadLength } from './last-claim.ts'

describe('the last claim of an answer that is not over', () => {
  test('is the last whole one', () => {
    const sections = [{ heading: 'Prices', claims: [{ text: 'One.', evidence: ['ev_1'] }, { text: 'Two.' }] }]
    const whole = JSON.stringify({ title: 'T', description: 'D', sections })
    assert.equal(lastClaim(whole), 'Two.')
    assert.equal(lastClaim(whole.slice(0, whole.indexOf('Two.') + 2)), 'One.')
    assert.equal(lastClaim(whole.slice(0, whole.indexOf('One.'))), null)
  })

  test('is read as JSON writes it, in any layout', () => {
    assert.equal(lastClaim('{"text" :\n "He said \\"6\\u20AC\\",\\n and left.", '), 'He said "6€", and left.')
    assert.equal(lastClaim('{"text": "One."}, {"text": "a \\x b"}'), null)
  })

  test('is short, and found at once in an answer that never ends', () => {
    const long = `{"text":"${'a'.repeat(5000)}"}`
    assert.equal(lastClaim(long)?.length, 300)
    for (const hostile of ['"text":"', '"text":', '\\', '"text":"\\']) {
      const answer = hostile.repeat(unreadLength).slice(-unreadLength)
      const begun = performance.now()
      lastClaim(answer)
      assert.ok(performance.now() - begun < 1000, hostile)
    }
  })
})
