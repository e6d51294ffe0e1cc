import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as v from 'valibot'
import { beacon } from '../arbitraries.testing.ts'
import { beaconSchema, encodeBeacon } from '../beacon.ts'
import { fastCheck } from './fast-check.ts'
import { hostileText } from '../mutation.testing.ts'

const isBeacon = fastCheck(beaconSchema)

/** Returns the outputs of our check and of the library for a JSON text; null for a refusal. */
function bothTake(text: string): readonly [unknown, unknown] {
  const [mine, theirs] = [JSON.parse(text) as unknown, JSON.parse(text) as unknown]
  const result = v.safeParse(beaconSchema, theirs)
  return [isBeacon(mine, { unknownFields: 0 }) ? mine : null, result.success ? result.output : null]
}

test('accepts every beacon, and fills in missing fields, as the library does', () => {
  const shortened = fc.tuple(
    beacon,
    fc.subarray(['sampling', 'hidden', 'campaign', 'session', 'events'] as const),
  )
  fc.assert(
    fc.property(shortened, ([value, left]) => {
      const kept = Object.fromEntries(
        Object.entries(value).filter(([name]) => !left.includes(name as 'hidden')),
      )
      const [mine, theirs] = bothTake(JSON.stringify(kept))
      assert.notEqual(mine, null)
      assert.deepEqual(mine, theirs)
    }),
  )
})

test('accepts no hostile text that the library refuses', () => {
  let taken = 0
  const isJson = (text: string) => {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(hostileText(beacon.map(encodeBeacon)).filter(isJson), (text) => {
      const [mine, theirs] = bothTake(text)
      if (mine === null) return
      taken++
      assert.deepEqual(mine, theirs)
    }),
    { numRuns: 3000 },
  )
  assert.ok(taken > 0)
})

test('throws for a schema that it does not support', () => {
  assert.throws(() => fastCheck(v.date()), TypeError)
  assert.throws(() => fastCheck(v.pipe(v.string(), v.email())), TypeError)
})
