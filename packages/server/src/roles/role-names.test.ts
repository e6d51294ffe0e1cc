import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readConfig } from '../config/config.ts'
import { needsStore, parseRoles, roleNames } from './role-names.ts'

test('a server runs all roles unless some are named', () => {
  assert.deepEqual(parseRoles(''), roleNames)
  assert.deepEqual(parseRoles(' , '), roleNames)
  assert.deepEqual(parseRoles('tracker, publisher,tracker'), ['publisher', 'tracker'])
})

test('an unknown role is refused with the names of the known ones', () => {
  assert.equal(parseRoles('tracker,traker'), undefined)
  assert.throws(() => readConfig({ PEERPRESS_ROLES: 'tracker,traker' }), {
    code: 'bad-config',
    message: /"tracker,traker".*publisher, collector, tracker, api, upkeep/,
  })
})

test('tracker and publisher need no store', () => {
  assert.equal(needsStore(['tracker', 'publisher']), false)
  for (const role of ['collector', 'api', 'upkeep'] as const) assert.equal(needsStore([role]), true)
})
