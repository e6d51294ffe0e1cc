import { createFormat } from './format.ts'

// The page is in English; an English reader's own variant of it decides how numbers and dates look.
const locale = navigator.languages.find((language) => /^en\b/.test(language)) ?? 'en'

/** How this page writes figures. */
export const format = createFormat(locale)

const regions = new Intl.DisplayNames(locale, { type: 'region' })
const times = new Map<string, Intl.DateTimeFormat>()

/** A country's name by its ISO 3166-1 code. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code
  } catch {
    return code
  }
}

/** A moment as the given parts of it, in the reader's time zone unless told otherwise. */
export function formatTime(ms: number, options: Intl.DateTimeFormatOptions): string {
  const key = JSON.stringify(options)
  const formatter = times.get(key) ?? new Intl.DateTimeFormat(locale, { hourCycle: 'h23', ...options })
  times.set(key, formatter)
  return formatter.format(ms)
}
