import type { DraftRefusal } from '@peerpress/registry'
import { namesIn, type Vocabulary } from '../facts/names.ts'
import { fold, sentencesOf, wordsOf } from '../facts/words.ts'
import { type GateInput, quoted } from './gate.ts'
import { siteVocabulary } from './site-vocabulary.ts'

/** From this similarity on a draft doubles a page. */
export const maxSimilarity = 0.6
/** Words of a shingle. Broder et al., "Syntactic clustering of the Web" (1997), use from 4 to 10. */
const shingleWords = 4
/** A name, whatever it is. */
const mask = '\u0001'

/** Refuses a draft that is as similar as 0.6 to another page of the site after names were masked. */
export function doubledPageGate(input: GateInput): DraftRefusal[] {
  const { content, language, siblings } = input
  const vocabulary = siteVocabulary(input)
  const text = content.sections.flatMap((section) => section.claims.map((claim) => claim.text)).join(' ')
  const own = shinglesOf(text, { language, vocabulary })
  return siblings.flatMap(({ post, title, text: other }) => {
    const similarity = similarityOf(own, shinglesOf(other, { language, vocabulary }))
    return similarity < maxSimilarity
      ? []
      : [
          {
            section: -1,
            claim: -1,
            code: 'doubled-page',
            reason: `Apart from names, ${Math.round(similarity * 100)} % of the text is that of ${quoted(title === '' ? post : title)}.`,
          } as const,
        ]
  })
}

/**
 * Returns the similarity of two texts, 0-1: the share of the smaller one's shingles that the other has (Broder's containment). For
 * texts of the same length it follows their resemblance; a page that holds the draft among more is similar as well.
 */
function similarityOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const smaller = one.size <= other.size ? one : other
  const larger = smaller === one ? other : one
  if (smaller.size < minShingles) return 0
  let shared = 0
  for (const shingle of smaller) if (larger.has(shingle)) shared++
  return shared / smaller.size
}

/** Texts of fewer shingles say nothing about a page. */
const minShingles = 12

interface ShingleOptions {
  readonly language: string
  readonly vocabulary: Vocabulary
}

/** Returns the sets of four words in a row of a text, each sentence by itself, with one mask for each name. */
function shinglesOf(text: string, { language, vocabulary }: ShingleOptions): Set<string> {
  const shingles = new Set<string>()
  for (const sentence of sentencesOf(text, language)) {
    const words = maskedWords(sentence, { language, vocabulary })
    for (let start = 0; start + shingleWords <= words.length; start++) {
      shingles.add(words.slice(start, start + shingleWords).join(' '))
    }
  }
  return shingles
}

function maskedWords(sentence: string, options: ShingleOptions): string[] {
  const names = namesIn(sentence, { ...options, isHeading: false })
  const isInName = (start: number) =>
    names.some((name) => start >= name.start && start < name.start + name.text.length)
  const words = wordsOf(sentence, options.language).map(({ text, start }) =>
    isInName(start) ? mask : fold(text),
  )
  // New York and Lyon are one name each.
  return words.filter((word, index) => word !== mask || words[index - 1] !== mask)
}
