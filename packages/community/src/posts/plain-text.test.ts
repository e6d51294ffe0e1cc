import assert from 'node:assert/strict'
import { test } from 'node:test'
import { plainText } from './plain-text.ts'

test('markup is removed, its text stays', () => {
  assert.equal(plainText('Bread <b>at</b>\n home', 100), 'Bread at home')
  assert.equal(plainText('<script>alert(1)</script>Hi<img src=x onerror=alert(1)>', 100), 'Hi')
  assert.equal(plainText('a < b && c > d "e"', 100), 'a < b && c > d "e"')
  assert.equal(plainText('&lt;b&gt; stays text', 100), '<b> stays text')
})

test('characters that hide or reorder text are removed', () => {
  assert.equal(plainText('safe\u202Egpj.exe', 100), 'safegpj.exe')
  assert.equal(plainText('pay\u200B\u2060\uFEFFpal\u0000', 100), 'paypal')
  assert.equal(plainText('a\u2066b\u2069\u061C', 100), 'ab')
  assert.equal(plainText('می\u200Cخواهم', 100), 'می\u200Cخواهم')
  assert.equal(plainText('👩\u200D🍳', 100), '👩\u200D🍳')
})

test('stacked marks are cut, accents stay', () => {
  assert.match(plainText(`Z${'\u0323\u0302\u0308'.repeat(30)}algo`, 100), /^\P{M}\p{M}{2}algo$/u)
  assert.equal(plainText('cafe\u0301', 100), 'café')
})

test('a long text is cut between characters', () => {
  assert.equal(plainText('abcdef', 5), 'abcd…')
  assert.equal(plainText('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 13), '👨‍👩‍👧‍👦…')
  assert.equal(plainText('x'.repeat(5_000_000), 200).length, 200)
  assert.equal(plainText('\uD800 half', 100), '\uFFFD half')
})
