/** Languages that write no spaces between words. */
const unspaced = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my', 'bo', 'yue'])

/** Returns the primary language of a BCP 47 tag: `pt` of `pt-BR`. */
export function primaryLanguage(tag: string): string {
  return (tag.split('-', 1)[0] ?? tag).toLowerCase()
}

/** Returns a text without case, accents and compatibility forms, for comparison. `É` and `e` are equal, `ß` and `ss` are. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').normalize('NFC')
}

/** A word of a text. */
export interface Word {
  readonly text: string
  /** Where it begins in the text, UTF-16 code units. */
  readonly start: number
}

/** Returns the words of a text: runs of letters and digits, or what the platform finds in languages without spaces. */
export function wordsOf(text: string, language: string): Word[] {
  if (!unspaced.has(primaryLanguage(language))) {
    return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map((match) => ({ text: match[0], start: match.index }))
  }
  return [...segmenterOf(language).segment(text)]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ segment, index }) => ({ text: segment, start: index }))
}

/** Returns the folded words of a text. */
export function foldedWords(text: string, language: string): string[] {
  return wordsOf(text, language).map((word) => fold(word.text))
}

/** Returns the sentences of a text. */
export function sentencesOf(text: string, language: string): string[] {
  return [...new Intl.Segmenter(validTag(language), { granularity: 'sentence' }).segment(text)]
    .map(({ segment }) => segment.trim())
    .filter((segment) => segment !== '')
}

/** Returns the tag if the platform accepts it, else `und`. A tag of a page or a model may be anything. */
export function validTag(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'und'
  } catch {
    return 'und'
  }
}

const segmenters = new Map<string, Intl.Segmenter>()

function segmenterOf(language: string): Intl.Segmenter {
  const primary = primaryLanguage(language)
  const known = segmenters.get(primary)
  if (known !== undefined) return known
  const made = new Intl.Segmenter(primary, { granularity: 'word' })
  segmenters.set(primary, made)
  return made
}
