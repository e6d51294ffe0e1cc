import { functionWords } from './function-words.ts'
import { fold, primaryLanguage, validTag, type Word, wordsOf } from './words.ts'

/** Folded words that are no names although they may begin with a capital letter. */
export type Vocabulary = ReadonlySet<string>

/**
 * Returns the words that a site's texts use as common words: those that they write in lower case, and in German the nouns after
 * an article or an adjective.
 */
export function vocabularyOf(texts: Iterable<string>, language: string): Vocabulary {
  const found = new Set(functionWords(language))
  const capitalNouns = isNounCapitalising(language)
  for (const text of texts) {
    let before = ''
    for (const { text: word } of wordsOf(text, language)) {
      const folded = fold(word)
      if (/^\p{Ll}/u.test(word)) found.add(folded)
      else if (capitalNouns && isBeforeNoun(before)) found.add(folded)
      before = word
    }
  }
  return found
}

/**
 * Returns the words of a text that may belong to names: words with a capital letter that do not begin a sentence, and those that
 * do if they are not in the vocabulary. In a heading, whose words may all have capital letters, each is compared with the
 * vocabulary. In scripts without capital letters: words in Latin letters, and names of countries.
 */
export function namesIn(
  text: string,
  { language, vocabulary, isHeading }: NameOptions,
): readonly Pick<Word, 'text' | 'start'>[] {
  if (isCaseless(text)) return [...capitalised(text, language), ...countriesIn(text, language)]
  const capitalNouns = isNounCapitalising(language)
  return capitalised(text, language).filter(({ text: word, start }) => {
    const folded = fold(word)
    if (functionWords(language).has(folded)) return false
    const mayBeCommon = isHeading || capitalNouns || beginsSentence(text, start) || isAcronym(word)
    if (!mayBeCommon) return true
    return !vocabulary.has(folded) && !(capitalNouns && nounEndings.test(folded))
  })
}

export interface NameOptions {
  /** BCP 47 */
  readonly language: string
  readonly vocabulary: Vocabulary
  readonly isHeading: boolean
}

/** Returns the names of the country of an ISO 3166 code, in a language and in English. */
export function countryNames(region: string, language: string): string[] {
  const country = region.split('-', 1)[0] ?? ''
  if (!/^[A-Z]{2}$/.test(country)) return []
  return [language, 'en'].flatMap((each) => displayNames(each).of(country) ?? [])
}

function capitalised(text: string, language: string): Word[] {
  return wordsOf(text, language).filter(({ text: word }) => /^\p{Lu}/u.test(word) && word.length > 1)
}

/** Whether most letters of a text are of a script without case. */
function isCaseless(text: string): boolean {
  const caseless = text.match(/\p{Lo}/gu)?.length ?? 0
  return caseless > (text.match(/\p{L}/gu)?.length ?? 0) / 2
}

function isAcronym(word: string): boolean {
  return word.length <= 5 && word === word.toUpperCase()
}

/** Whether only opening marks stand between a place in a text and the end of the sentence before it. */
function beginsSentence(text: string, start: number): boolean {
  let at = start - 1
  while (at >= 0 && /[\s"'“„«‘([{¿¡*\-–—•]/u.test(text[at] ?? '')) at--
  return at < 0 || /[.!?:;…。]/u.test(text[at] ?? '')
}

/** German and Luxembourgish write every noun with a capital letter. */
function isNounCapitalising(language: string): boolean {
  return ['de', 'lb'].includes(primaryLanguage(language))
}

/** Endings of nouns that are no names. */
const nounEndings =
  /(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften|tion|tionen|tat|taten|ismus|chen|nis|nisse)$/

const articles =
  /^(?:der|die|das|den|dem|des|eine?[rnms]?|keine?[rnms]?|diese[rnms]?|jede[rnms]?|alle|viele|mehrere|einige)$/iu

function isBeforeNoun(word: string): boolean {
  return (
    articles.test(word) ||
    (/^\p{Ll}{3,}(?:e|en|er|es|em)$/u.test(word) && !functionWords('de').has(fold(word)))
  )
}

function countriesIn(text: string, language: string): Word[] {
  return countryList(language).flatMap((name) => {
    const start = text.indexOf(name)
    return start < 0 ? [] : [{ text: name, start }]
  })
}

const countryLists = new Map<string, readonly string[]>()

/** Returns the names of all countries in a language. */
function countryList(language: string): readonly string[] {
  const tag = validTag(language)
  const known = countryLists.get(tag)
  if (known !== undefined) return known
  const names = displayNames(tag)
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(65 + index))
  const list = letters
    .flatMap((one) => letters.map((other) => one + other))
    .flatMap((code) => {
      const name = names.of(code)
      return name === undefined || name.length < 2 ? [] : [name]
    })
  countryLists.set(tag, list)
  return list
}

const displays = new Map<string, Intl.DisplayNames>()

function displayNames(language: string): Intl.DisplayNames {
  const tag = validTag(language)
  const known = displays.get(tag)
  if (known !== undefined) return known
  const made = new Intl.DisplayNames(tag, { type: 'region', fallback: 'none' })
  displays.set(tag, made)
  return made
}
