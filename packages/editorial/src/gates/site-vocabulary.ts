import { type Vocabulary, vocabularyOf } from '../facts/names.ts'
import { statedBy } from './evidence-text.ts'
import type { GateInput } from './gate.ts'

/** Returns the common words of the evidence, of the site's other pages and of the draft itself. */
export function siteVocabulary({ content, evidence, siblings, language }: GateInput): Vocabulary {
  const claims = content.sections.flatMap((section) => section.claims.map(({ text }) => text))
  return vocabularyOf(
    [
      ...[...evidence.values()].map(statedBy),
      ...siblings.map(({ text }) => text),
      content.description,
      ...claims,
    ],
    language,
  )
}
