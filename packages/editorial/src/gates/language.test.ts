import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { oneClaim } from './honest-draft.testing.ts'
import { languageGate } from './language.ts'

const texts: Readonly<Record<string, string>> = {
  en: 'The bakery opens early in the morning and sells fresh bread to everyone who walks past its door.',
  de: 'Die Bäckerei öffnet früh am Morgen und verkauft frisches Brot an alle, die an ihrer Tür vorbeigehen.',
  fr: 'La boulangerie ouvre tôt le matin et vend du pain frais à tous ceux qui passent devant sa porte.',
  es: 'La panadería abre temprano por la mañana y vende pan fresco a todos los que pasan por su puerta.',
  'pt-BR': 'A padaria abre cedo pela manhã e vende pão fresco para todos que passam pela sua porta.',
  nb: 'Bakeriet åpner tidlig om morgenen og selger ferskt brød til alle som går forbi døren.',
  ja: 'パン屋は朝早く開いて、店の前を通るすべての人に焼きたてのパンを売っています。',
  ar: 'يفتح المخبز أبوابه في الصباح الباكر ويبيع الخبز الطازج لكل من يمر أمام بابه.',
}

describe('the gate of languages', () => {
  for (const [language, text] of Object.entries(texts)) {
    test(`passes ${language} and refuses it as another language`, () => {
      assert.deepEqual(languageGate(oneClaim(text, 'x', { language })), [])
      const other = language === 'en' ? 'fr' : 'en'
      assert.ok(languageGate(oneClaim(text, 'x', { language: other })).length > 0)
    })
  }

  test('refuses the one section that is in another language', () => {
    const english = `${texts['en']} ${texts['en']}`
    const input = oneClaim(english, 'x')
    const [section] = input.content.sections
    const foreign = { heading: '', claims: [{ text: texts['fr'] ?? '', evidence: [] }] }
    const sections = section === undefined ? [] : [section, foreign, section]
    const refused = languageGate({ ...input, content: { ...input.content, sections } })
    assert.deepEqual(
      refused.map((each) => each.section),
      [1],
    )
  })

  test('refuses what is no language, and a language that it cannot detect', () => {
    assert.equal(languageGate(oneClaim('qzx wvq jjk xxq zzv kqj wxz', 'x')).length, 1)
    assert.equal(languageGate(oneClaim('12 34', 'x')).length, 1)
    assert.equal(languageGate(oneClaim('Nuqneh', 'x', { language: 'tlh' })).length, 1)
  })
})
