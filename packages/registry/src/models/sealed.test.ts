import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { seal, unseal } from './sealed.ts'

test('a sealed text opens with its key and owner only, and not after any byte changed', () => {
  const key = randomBytes(32)
  const sealed = seal(key, 'site a', 'sk-é')
  assert.equal(unseal(key, 'site a', sealed), 'sk-é')
  assert.equal(sealed.includes('sk-'), false)
  assert.notDeepEqual(seal(key, 'site a', 'sk-é'), sealed)
  assert.throws(() => unseal(key, 'site b', sealed))
  assert.throws(() => unseal(randomBytes(32), 'site a', sealed))
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index] = (changed[index] ?? 0) ^ 1
    assert.throws(() => unseal(key, 'site a', changed))
  }
  assert.throws(() => unseal(key, 'site a', sealed.subarray(0, 10)))
})
