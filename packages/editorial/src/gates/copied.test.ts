import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { copiedGate } from './copied.ts'
import { oneClaim, sibling } from './honest-draft.testing.ts'

const source =
  'Bread tastes best on the second day, when the crumb has settled and the crust is still crisp. It keeps a week.'
const refused = (claim: string) => copiedGate(oneClaim(claim, source)).map(({ code }) => code)

describe('the gate of copied sentences', () => {
  test('refuses a sentence as it stands in the evidence, whatever its case and punctuation', () => {
    assert.deepEqual(
      refused(
        'Bread tastes best on the second day, when the crumb has settled and the crust is still crisp.',
      ),
      ['copied'],
    )
    assert.deepEqual(
      refused(
        'BREAD tastes best on the second day – when the crumb has settled, and the crust is still crisp!',
      ),
      ['copied'],
    )
  })

  test('refuses a long part of one', () => {
    assert.deepEqual(
      refused('We say that bread tastes best on the second day when the crumb has settled and more.'),
      ['copied'],
    )
  })

  test('passes other words, short sentences and quotations', () => {
    assert.deepEqual(refused('A loaf is best a day after it was baked.'), [])
    assert.deepEqual(refused('It keeps a week.'), [])
    assert.deepEqual(
      refused(
        'They write: “Bread tastes best on the second day, when the crumb has settled and the crust is still crisp.”',
      ),
      [],
    )
  })

  test('refuses a quotation that is a whole text', () => {
    const long = `${source} ${sibling.text}`
    assert.equal(
      copiedGate({ ...oneClaim(`“${long}”`, 'x'), siblings: [{ ...sibling, text: long }] }).length,
      1,
    )
  })

  test('refuses a sentence of another page', () => {
    const input = {
      ...oneClaim('Rye flour takes up more water than wheat flour does.', 'x'),
      siblings: [sibling],
    }
    assert.equal(copiedGate(input).length, 1)
  })
})
