import assert from 'node:assert/strict'
import { test } from 'node:test'
import { adjustedPValues } from './benjamini-hochberg.ts'

const rounded = (values: readonly number[]) => values.map((value) => Number(value.toFixed(4)))

test('the example of Benjamini and Hochberg rejects four of fifteen tests at q = 0.05', () => {
  const p = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ]
  assert.equal(adjustedPValues(p).filter((value) => value <= 0.05).length, 4)
})

test('adjusted values follow the order of the tests and never fall with the p-value', () => {
  assert.deepEqual(rounded(adjustedPValues([0.04, 0.01, 0.03])), [0.04, 0.03, 0.04])
  assert.deepEqual(adjustedPValues([0.9, 0.8]), [0.9, 0.9])
  assert.deepEqual(adjustedPValues([0.2]), [0.2])
  assert.deepEqual(adjustedPValues([]), [])
})
