import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { item, oneClaim } from './honest-draft.testing.ts'
import { namesGate } from './names.ts'

const cases = [
  ['The shop is in Lyon.', 'lyon bakery', 'en', []],
  ['The shop is in Lille.', 'Lyon bakery', 'en', ['Lille']],
  ['Lille has a shop.', 'Lyon has a shop', 'en', ['Lille']],
  ['Shops open early.', 'The shops open at 6', 'en', []],
  ['Many people like Lyon’s bread.', 'Bread of Lyon', 'en', []],
  ['We asked Zoë Müller.', 'Zoe Muller answered', 'en', []],
  ['La boutique est à Saint-Étienne.', 'Saint-Etienne', 'fr', []],
  ['La boutique est à Saint-Malo.', 'Saint-Etienne', 'fr', ['Malo']],
  ['Die Öffnung ist in Köln.', 'Bäckerei in Köln', 'de', []],
  ['Die Öffnung ist in Bonn.', 'Bäckerei in Köln', 'de', ['Bonn']],
  ['Read https://evil.example/x now.', 'nothing', 'en', ['https://evil.example/x']],
  ['Write to me@evil.example today.', 'nothing', 'en', ['me@evil.example']],
  ['フランスのパンです。', 'ドイツのパン', 'ja', ['フランス']],
  ['ドイツのパンです。', 'ドイツのパン', 'ja', []],
] as const

describe('the gate of names', () => {
  for (const [claim, evidence, language, expected] of cases) {
    test(`${claim} / ${evidence}`, () => {
      const cited = item(evidence, { language, region: null })
      const found = namesGate(oneClaim(claim, cited, { language })).map(
        ({ reason }) => /“(.*)”/u.exec(reason)?.[1],
      )
      assert.deepEqual(found, expected)
    })
  }

  test('the country of an item is contained, in the draft’s language', () => {
    assert.deepEqual(
      namesGate(oneClaim('C’est en Allemagne.', item('x', { region: 'DE-BE' }), { language: 'fr' })),
      [],
    )
    assert.equal(
      namesGate(oneClaim('C’est en Espagne.', item('x', { region: 'DE' }), { language: 'fr' })).length,
      1,
    )
  })

  test('a heading with capital letters is compared with the words of the draft', () => {
    const input = oneClaim('Good bread takes time in winter.', 'For good bread you need time')
    const heading = (text: string) => ({
      ...input,
      content: { ...input.content, title: text },
    })
    assert.deepEqual(namesGate(heading('Good Bread Takes Time')), [])
    assert.equal(namesGate(heading('Good Bread From Marseille')).length, 1)
  })
})
