import { createFormat } from './format.ts'

// The page is in English. The reader's variant of English decides the format of numbers and dates.
const locale = navigator.languages.find((language) => /^en\b/.test(language)) ?? 'en'

/** The format of this page's figures. */
export const format = createFormat(locale)

const regions = new Intl.DisplayNames(locale, { type: 'region' })
const times = new Map<string, Intl.DateTimeFormat>()

/** Returns a country's name by its ISO 3166-1 code. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code
  } catch {
    return code
  }
}

/** Returns a language's name by its BCP 47 tag. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: 'language' }).of(tag) ?? tag
  } catch {
    // A page may name any text as its language.
    return tag
  }
}

/** Formats parts of a time, in the reader's time zone unless the options name another. */
export function formatTime(ms: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options)
  const formatter = times.get(key) ?? new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options })
  times.set(key, formatter)
  return formatter.format(ms)
}

/** Returns a time zone in which this browser can show times: UTC instead of one that it does not know yet. */
export function shownTimeZone(timeZone: string): string {
  try {
    formatTime(0, { timeZone })
    return timeZone
  } catch {
    return 'UTC'
  }
}
