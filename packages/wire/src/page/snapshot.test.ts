import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { snapshot } from '../arbitraries.testing.ts'
import { decodeOrRefuse, hostileText, weight } from '../mutation.testing.ts'
import { decodeSnapshot, maxSnapshotSize, type Snapshot } from './snapshot.ts'
import { WireError } from '../wire-error.ts'

const plain: Snapshot = { id: 'c'.repeat(64), size: 5000, body: 400, headers: {} }

const refuses = (change: object, path?: string) =>
  assert.throws(
    () => decodeSnapshot({ ...plain, ...change }),
    (error) =>
      error instanceof WireError && error.code === 'invalid' && (path === undefined || error.path === path),
  )

test('decodes every snapshot', () => {
  fc.assert(
    fc.property(snapshot, (value) =>
      assert.deepEqual(decodeSnapshot(JSON.parse(JSON.stringify(value))), value),
    ),
  )
})

test('refuses hostile values with a typed error and holds no more data than the input', () => {
  fc.assert(
    fc.property(hostileText(snapshot.map((value) => JSON.stringify(value))), (text) => {
      let said: unknown
      try {
        said = JSON.parse(text)
      } catch {
        return
      }
      const value = decodeOrRefuse(() => decodeSnapshot(said))
      if (value !== null) assert.ok(weight(value) <= text.length)
    }),
    { numRuns: 500 },
  )
})

test('refuses a snapshot that is too large, or whose body starts after its end', () => {
  refuses({ size: maxSnapshotSize + 1 }, 'snapshot.size')
  refuses({ size: 0 }, 'snapshot.size')
  refuses({ body: plain.size + 1 }, 'snapshot.body')
  refuses({ id: 'C'.repeat(64) }, 'snapshot.id')
})

test('refuses headers that are not policies or have more than one line', () => {
  refuses({ headers: { 'set-cookie': 'a=b' } })
  refuses({ headers: { 'referrer-policy': 'origin\r\nset-cookie: a=b' } })
  refuses({ headers: null })
})
