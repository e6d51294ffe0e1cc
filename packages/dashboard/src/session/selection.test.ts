import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatSelection, parseSelection } from './selection.ts'

test('a selection survives the address', () => {
  for (const siteId of ['abcdefgh12345678', null]) {
    const selection = { siteId, range: 'week' } as const
    assert.deepEqual(parseSelection(formatSelection(selection)), selection)
  }
})

test('an address that says nothing or nonsense shows the first site and a day', () => {
  for (const hash of ['', '#', '#range=year', '#range=constructor']) {
    assert.deepEqual(parseSelection(hash), { siteId: null, range: 'day' })
  }
})
