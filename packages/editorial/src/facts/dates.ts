import { fold, primaryLanguage, validTag } from './words.ts'

/** A date as far as a text states it. */
export interface StatedDate {
  readonly year: number | null
  /** 1-12 */
  readonly month: number | null
  readonly day: number | null
}

/** A date in a text, with the ways in which it can be read. */
export interface FoundDate {
  readonly start: number
  readonly end: number
  readonly readings: readonly StatedDate[]
}

/** Whether one date says no more than another: `March 2026` is within `5 March 2026`. */
export function isWithin(date: StatedDate, known: StatedDate): boolean {
  return (['year', 'month', 'day'] as const).every(
    (part) => date[part] === null || date[part] === known[part],
  )
}

/** Finds dates in digits (ISO 8601, `5.3.2026`, `2026年3月5日`) and dates with the name of a month. `text` has plain digits. */
export function datesIn(text: string, language: string | null): FoundDate[] {
  return [...inDigits(text, language), ...withMonthNames(text, language)]
}

function inDigits(text: string, language: string | null): FoundDate[] {
  const found: FoundDate[] = []
  const add = (match: RegExpMatchArray, readings: readonly StatedDate[]) => {
    const possible = readings.filter(isPossible)
    const start = match.index ?? 0
    if (possible.length > 0) found.push({ start, end: start + match[0].length, readings: possible })
  }
  for (const match of text.matchAll(/(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)/g))
    add(match, [numbered(match, [1, 2, 3])])
  for (const match of text.matchAll(/(?<![\d.,/])(\d{1,2})([./])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])/g)) {
    const dayFirst = numbered(match, [4, 3, 1])
    const monthFirst = numbered(match, [4, 1, 3])
    const isEnglish = language === null || primaryLanguage(language) === 'en'
    add(match, match[2] === '/' && isEnglish ? [dayFirst, monthFirst] : [dayFirst])
  }
  for (const match of text.matchAll(/(?:(\d{4})[年년]\s?)?(\d{1,2})[月월](?:\s?(\d{1,2})[日일])?/gu)) {
    add(match, [numbered(match, [1, 2, 3])])
  }
  return found
}

/** Reads year, month and day from groups of a match. Years of two digits are of this century. */
function numbered(
  match: RegExpMatchArray,
  [year, month, day]: readonly [number, number, number],
): StatedDate {
  const read = (group: number) => (match[group] === undefined ? null : Number(match[group]))
  const full = read(year)
  return { year: full !== null && full < 100 ? full + 2000 : full, month: read(month), day: read(day) }
}

function isPossible({ month, day }: StatedDate): boolean {
  return (month === null || (month >= 1 && month <= 12)) && (day === null || (day >= 1 && day <= 31))
}

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Characters and short words that stand between the parts of a date: `5th of March, 2026`, `5 de marzo de 2026`. */
const between = /^(?:st|nd|rd|th|er|re|º|ª|of|de|del|di|den|o)$/i
/** Maximum distance between two parts of a date, characters. */
const maxGap = 4

function withMonthNames(text: string, language: string | null): FoundDate[] {
  const months = monthNames(language)
  const tokens: Token[] = [...text.matchAll(/\p{L}[\p{L}\p{M}]*|\d+/gu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
  const found: FoundDate[] = []
  tokens.forEach((token, index) => {
    const month = months.get(fold(token.text))
    if (month === undefined) return
    const before = neighbour(tokens, index, -1)
    const after = neighbour(tokens, index, 1)
    const dayBefore = before !== null && isDay(before.text) ? before : null
    const dayAfter = dayBefore === null && after !== null && isDay(after.text) ? after : null
    const yearAt = dayAfter === null ? after : neighbour(tokens, tokens.indexOf(dayAfter), 1)
    const year = yearAt !== null && /^\d{4}$/.test(yearAt.text) ? yearAt : null
    const day = dayBefore ?? dayAfter
    if (day === null && year === null && !isNameOfMonth(token.text, language)) return
    found.push({
      start: dayBefore?.start ?? token.start,
      end: (year ?? dayAfter ?? token).end,
      readings: [
        {
          year: year === null ? null : Number(year.text),
          month,
          day: day === null ? null : Number(day.text),
        },
      ],
    })
  })
  return found
}

/** Returns the next number beside a token, past at most two short words. */
function neighbour(tokens: readonly Token[], index: number, step: 1 | -1): Token | null {
  for (let at = index + step, passed = 0; passed < 3; at += step, passed++) {
    const token = tokens[at]
    const last = tokens[at - step]
    if (token === undefined || last === undefined) return null
    const gap = step === 1 ? token.start - last.end : last.start - token.end
    if (gap > maxGap) return null
    if (/^\d/.test(token.text)) return token
    if (!between.test(token.text)) return null
  }
  return null
}

function isDay(text: string): boolean {
  return text.length <= 2 && Number(text) >= 1 && Number(text) <= 31
}

/** Whether a word alone names a month. Short forms are other words as well, and so are `may` and `march` in English. */
function isNameOfMonth(word: string, language: string | null): boolean {
  const isEnglish = language === null || primaryLanguage(language) === 'en'
  return word.length > 3 && (!isEnglish || /^\p{Lu}/u.test(word))
}

const namesByLanguage = new Map<string, ReadonlyMap<string, number>>()

/** Returns the months by their folded names in a language, and in English. */
function monthNames(language: string | null): ReadonlyMap<string, number> {
  const tag = language === null ? 'en' : validTag(language)
  const known = namesByLanguage.get(tag)
  if (known !== undefined) return known
  const names = new Map<string, number>()
  for (const locale of ['en', tag]) {
    for (const options of [
      { month: 'long' },
      { month: 'short' },
      { month: 'long', day: 'numeric' },
    ] as const) {
      const format = new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC', calendar: 'gregory' })
      for (let month = 0; month < 12; month++) {
        const part = format.formatToParts(Date.UTC(2026, month, 1)).find(({ type }) => type === 'month')
        const name = fold(part?.value ?? '').replace('.', '')
        if (name.length >= 3 && /^\p{L}+$/u.test(name)) names.set(name, month + 1)
      }
    }
  }
  namesByLanguage.set(tag, names)
  return names
}
