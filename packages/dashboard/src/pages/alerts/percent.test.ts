import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePercent, percentText } from './percent.ts'

test('a target is shown as a percentage, and read again as the same ratio', () => {
  for (const ratio of [0.995, 0.75, 0.9999, 0.07, 0.01]) {
    assert.equal(parsePercent(percentText(ratio)), ratio)
  }
  assert.equal(percentText(0.995), '99.5')
})

test('a comma, a percent sign and spaces are understood, and nothing is the default', () => {
  assert.equal(parsePercent(' 99,5 % '), 0.995)
  assert.equal(parsePercent(''), null)
})

test('anything else is refused with an example', () => {
  for (const text of ['a lot', '-1', '1e2', '99.5.5', '1000']) {
    assert.throws(() => parsePercent(text), /such as 99.5/)
  }
})
