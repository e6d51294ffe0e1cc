import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRange } from './byte-range.ts'

test('reads every form of a single range', () => {
  assert.deepEqual(readRange(null, 100), { kind: 'whole' })
  assert.deepEqual(readRange('bytes=0-', 100), { kind: 'part', start: 0, end: 99 })
  assert.deepEqual(readRange('bytes=10-19', 100), { kind: 'part', start: 10, end: 19 })
  assert.deepEqual(readRange('bytes=99-99', 100), { kind: 'part', start: 99, end: 99 })
  assert.deepEqual(readRange('bytes=-10', 100), { kind: 'part', start: 90, end: 99 })
})

test('cuts a range that reaches past the end', () => {
  assert.deepEqual(readRange('bytes=90-1000', 100), { kind: 'part', start: 90, end: 99 })
  assert.deepEqual(readRange('bytes=-1000', 100), { kind: 'part', start: 0, end: 99 })
})

test('a range that begins past the end cannot be satisfied', () => {
  assert.deepEqual(readRange('bytes=100-', 100), { kind: 'unsatisfiable' })
  assert.deepEqual(readRange('bytes=-0', 100), { kind: 'unsatisfiable' })
})

test('leaves everything else to the origin', () => {
  for (const header of ['bytes=0-1,5-6', 'bytes=-', 'bytes=5-4', 'bytes=a-b', 'items=0-1', '']) {
    assert.deepEqual(readRange(header, 100), { kind: 'unsupported' }, header)
  }
})
