import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { doubledPageGate, maxSimilarity } from './doubled-page.ts'
import { honest, oneClaim, sibling } from './honest-draft.testing.ts'

const page = (place: string) =>
  `Looking for fresh bread in ${place}? Our bakers in ${place} start before sunrise every day. The people of ${place} know us for a dark crust and a soft crumb. Come and visit our small shop near the market of ${place} whenever you like.`

const doubles = (text: string, other: string, language = 'en') =>
  doubledPageGate({
    ...oneClaim(text, 'x', { language }),
    siblings: [{ post: '9', title: 'Other', text: other }],
  })

describe('the gate of doubled pages', () => {
  test('refuses a page that differs by its place only, however many words the place has', () => {
    const [refusal] = doubles(page('Lyon'), page('New York'))
    assert.equal(refusal?.code, 'doubled-page')
    assert.match(refusal.reason, /100 % .*“Other”/)
  })

  test('refuses a page that is a part of a longer one', () => {
    assert.equal(doubles(page('Lyon'), `${sibling.text} ${page('Lille')} ${sibling.text}`).length, 1)
  })

  test('passes another text about the same place', () => {
    assert.deepEqual(doubles(page('Lyon'), `${sibling.text} It is sold in Lyon.`), [])
    assert.deepEqual(doubledPageGate(honest), [])
  })

  test('refuses from 0.6 on', () => {
    // Words without repetition: of 25 words, 22 shingles; a change of the last n words leaves 22 - n.
    const words = Array.from({ length: 25 }, (_, index) => `w${String.fromCodePoint(97 + index)}x`)
    const changed = (count: number) => [
      ...words.slice(0, 25 - count),
      ...Array.from({ length: count }, (_, n) => `y${n}z`),
    ]
    assert.equal(doubles(words.join(' '), changed(8).join(' ')).length, 1, `14/22 is above ${maxSimilarity}`)
    assert.equal(doubles(words.join(' '), changed(9).join(' ')).length, 0, `13/22 is below ${maxSimilarity}`)
  })

  test('compares languages without spaces', () => {
    const japanese =
      '毎朝焼きたてのパンを店で売っています。市場の近くの小さな店に来てください。皮は濃く中は柔らかいです。'
    assert.equal(doubles(japanese, japanese, 'ja').length, 1)
  })
})
