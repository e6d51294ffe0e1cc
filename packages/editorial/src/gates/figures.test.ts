import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { datesGate, numbersGate, pricesGate } from './figures.ts'
import type { Gate } from './gate.ts'
import { item, oneClaim } from './honest-draft.testing.ts'

/** Returns what a gate refuses in a claim. */
function refused(
  gate: Gate,
  claim: string,
  evidence: string,
  languages: { claim?: string; evidence?: string | null } = {},
) {
  const cited = item(evidence, {
    language: languages.evidence === undefined ? (languages.claim ?? 'en') : languages.evidence,
  })
  return gate(oneClaim(claim, cited, { language: languages.claim ?? 'en' })).map(
    ({ reason }) => /“(.*)”/u.exec(reason)?.[1],
  )
}

describe('the gate of numbers', () => {
  const cases = [
    // [claim, evidence, language of the claim, language of the evidence, refused]
    ['It has 1,234 readers.', '1234 readers', 'en', 'en', []],
    ['Es hat 1.234 Leser.', '1,234 readers', 'de', 'en', []],
    ['Es hat 1,234 Kilometer.', '1.234 km', 'de', 'en', []],
    ['Es hat 1,234 Kilometer.', '1,234 km', 'de', 'en', ['1,234']],
    ['Il y a 12 345,5 lecteurs.', '12,345.50', 'fr', 'en', []],
    ['Il y a 12\u202f345 lecteurs.', '12’345', 'fr', 'de', []],
    ['१,२३,४५६ पाठक', '123456', 'hi', 'en', []],
    ['١٬٢٣٤٫٥ قارئ', '1234.5', 'ar', 'en', []],
    ['It grew to 1.5 million.', '1,500,000 readers', 'en', 'en', []],
    ['Es sind 3 Milliarden.', '3 billion', 'de', 'en', []],
    ['It has three doors.', '3 doors', 'en', 'en', []],
    ['It has seven doors.', '3 doors', 'en', 'en', ['seven']],
    ['Half of it: 50 %.', '50 percent', 'en', 'en', []],
    ['It is 50 %.', '50 readers', 'en', 'en', ['50 %']],
    ['It opens at 6 pm.', '18:00', 'en', 'en', []],
    ['It opens at 7 pm.', '18:00', 'en', 'en', ['7 pm']],
    ['It has 5 doors.', '5 March 2026', 'en', 'en', ['5']],
    ['It opened in 2026.', '5 March 2026', 'en', 'en', []],
    ['It opened in 2031.', '5 March 2026', 'en', 'en', ['2031']],
    ['Version 1.2.3 is out.', '1.2.3', 'en', 'en', []],
    ['It has 1.234 things.', 'n;1.234', 'en', null, []],
    ['It has 1234 things.', 'n;1.234', 'en', null, []],
    ['It is 007.', '7', 'en', 'en', []],
    ['It has ２０ rooms.', '20', 'en', 'en', []],
  ] as const
  for (const [claim, evidence, language, other, expected] of cases) {
    test(`${claim} / ${evidence} (${language}, ${other})`, () => {
      const found = refused(numbersGate, claim, evidence, { claim: language, evidence: other })
      assert.deepEqual(found, expected)
    })
  }
})

describe('the gate of dates', () => {
  const cases = [
    ['It was on 5 March 2026.', '2026-03-05', 'en', []],
    ['It was on March 5th, 2026.', '5. März 2026', 'en', []],
    ['Es war am 5.3.2026.', 'March 5, 2026', 'de', []],
    ['Es war im März 2026.', '2026-03-05', 'de', []],
    ['C’était le 5 mars 2026.', '2026-03-05', 'fr', []],
    ['Fue el 5 de marzo de 2026.', '2026-03-05', 'es', []],
    ['Было 5 марта 2026.', '2026-03-05', 'ru', []],
    ['2026年3月5日です。', '2026-03-05', 'ja', []],
    ['It was on 6 March 2026.', '2026-03-05', 'en', ['6 March 2026']],
    ['Es war am 5.4.2026.', '2026-03-05', 'de', ['5.4.2026']],
    ['It may be so, and we march on.', 'nothing', 'en', []],
    ['It was in April.', '2026-03-05', 'en', ['April']],
  ] as const
  for (const [claim, evidence, language, expected] of cases) {
    test(`${claim} / ${evidence}`, () => {
      // The date of the item itself would support some of them.
      const cited = item(evidence, { date: '1999-12-31', language: evidence.includes('ä') ? 'de' : 'en' })
      const found = datesGate(oneClaim(claim, cited, { language })).map(
        ({ reason }) => /“(.*)”/u.exec(reason)?.[1],
      )
      assert.deepEqual(found, expected)
    })
  }

  test('the date of an item counts', () => {
    assert.deepEqual(
      datesGate(oneClaim('It was true on 5 March 2026.', item('x', { date: '2026-03-05' }))),
      [],
    )
  })

  test('an exact date is not in evidence that has the month only', () => {
    assert.equal(datesGate(oneClaim('It was on 5 May 2025.', 'It was in May 2025.')).length, 1)
  })
})

describe('the gate of prices', () => {
  const cases = [
    ['It costs €4.50.', '4,50 €', 'de', []],
    ['It costs 4.50 euros.', 'EUR 4,50', 'de', []],
    ['It costs $4.50.', '4,50 €', 'de', ['$4.50']],
    ['It costs €4.60.', '4,50 €', 'de', ['€4.60']],
    ['It costs 4.5 €.', 'Loaf;Price in EUR\nSourdough;4,50', 'de', []],
    ['It costs 12 €.', '4 € for 12 readers', 'en', ['12 €']],
    ['It raised 3 million euros.', '€3,000,000', 'en', []],
    ['It costs 1.000 CHF.', 'CHF 1', 'en', []],
  ] as const
  for (const [claim, evidence, language, expected] of cases) {
    test(`${claim} / ${evidence}`, () => {
      assert.deepEqual(refused(pricesGate, claim, evidence, { evidence: language }), expected)
    })
  }
})
