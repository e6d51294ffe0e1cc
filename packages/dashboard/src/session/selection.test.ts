import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatSelection, parseSelection } from './selection.ts'

test('a selection is the same after writing and parsing it', () => {
  for (const siteId of ['abcdefgh12345678', null]) {
    const selection = { siteId, range: 'week' } as const
    assert.deepEqual(parseSelection(formatSelection(selection)), selection)
  }
})

test('an empty or invalid fragment selects the first site and a day', () => {
  for (const hash of ['', '#', '#range=year', '#range=constructor']) {
    assert.deepEqual(parseSelection(hash), { siteId: null, range: 'day' })
  }
})
