import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withoutFragment } from './without-fragment.ts'

test('a fragment does not count', () => {
  assert.equal(withoutFragment('https://example.org/a.svg#part'), 'https://example.org/a.svg')
})
