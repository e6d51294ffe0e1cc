import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sortRows, type SortValue } from './row-order.ts'

const sorted = (values: readonly SortValue[], direction: 'ascending' | 'descending') =>
  sortRows(values, direction, (value) => value)

test('numbers are ordered as numbers and names as names', () => {
  assert.deepEqual(sorted([10, 9, 100], 'ascending'), [9, 10, 100])
  assert.deepEqual(sorted(['Österreich', 'Peru', 'Norway'], 'descending'), ['Peru', 'Österreich', 'Norway'])
})

test('unknown values come last in either direction', () => {
  assert.deepEqual(sorted([null, 2, 1], 'ascending'), [1, 2, null])
  assert.deepEqual(sorted([1, null, 2, null], 'descending'), [2, 1, null, null])
})

test('rows that are equal keep their order', () => {
  const rows = [
    { id: 'a', n: 1 },
    { id: 'b', n: 1 },
  ]
  assert.deepEqual(
    sortRows(rows, 'descending', ({ n }) => n).map(({ id }) => id),
    ['a', 'b'],
  )
})
