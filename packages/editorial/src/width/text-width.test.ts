import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { cutToWidth, textWidth } from './text-width.ts'

describe('the width of a text in Arial', () => {
  test('is the sum of the advances that Arial has', () => {
    // Arial at 1,000 units an em: A 667, V 667, space 278, i 222, W 944.
    assert.equal(textWidth('A', 1000), 667)
    assert.equal(textWidth(' ', 1000), 277.8)
    assert.equal(textWidth('i', 1000), 222.2)
    assert.equal(textWidth('W', 1000), 943.8)
    assert.equal(textWidth('AV i', 20), 36.7)
    assert.equal(textWidth('', 20), 0)
  })

  test('is known for Greek, Cyrillic, accents, East Asian text and pictographs', () => {
    assert.equal(textWidth('é', 20), textWidth('e', 20))
    assert.equal(textWidth('e\u0301', 20), textWidth('é', 20))
    assert.ok(textWidth('Мох', 20) > 25 && textWidth('Мох', 20) < 45)
    assert.ok(textWidth('Βρύα', 20) > 30)
    assert.equal(textWidth('苔', 20), 20)
    assert.equal(textWidth('🌿', 20), 20)
    assert.equal(textWidth('\u200d', 20), 0)
  })

  test('a text is cut at a word, or inside one without spaces, and is never wider', () => {
    assert.equal(cutToWidth('short', 20, 580), 'short')
    assert.equal(cutToWidth('one two, three', 20, textWidth('one two…', 20)), 'one two…')
    assert.match(cutToWidth('苔'.repeat(100), 20, 580), /^苔{28}…$/)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const cut = cutToWidth(text, 20, 100)
        assert.ok(cut.isWellFormed())
        assert.ok(cut === text || textWidth(cut, 20) <= 100 + textWidth('…', 20), JSON.stringify(cut))
      }),
    )
  })
})
