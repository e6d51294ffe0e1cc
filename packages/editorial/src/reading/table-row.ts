import { canonicalLanguage } from '../language/canonical-language.ts'

/** A part of an upload, as it becomes evidence. */
export interface TableRow {
  readonly title: string | null
  readonly text: string
  /** `YYYY-MM-DD`; null if it is the upload's. */
  readonly date: string | null
  /** ISO 3166-1 or 3166-2; null if it is the upload's. */
  readonly region: string | null
  readonly language: string | null
  readonly url: string | null
}

/** Names of columns that say of when, where and in which language a row is. */
const columns = {
  date: /^(?:date|day|datum|fecha|data)$/i,
  region: /^(?:region|country|land|pays|país|paese|country code)$/i,
  language: /^(?:language|lang|sprache|taal|langue|idioma|lingua)$/i,
  url: /^(?:url|link|source)$/i,
} as const

/** Returns a row as "column: value; …"; null if it has no value. */
export function readRow(names: readonly string[], cells: readonly string[]): TableRow | null {
  const filled = cells
    .map((cell, index) => ({ name: names[index] ?? `column ${index + 1}`, cell }))
    .filter(({ cell }) => cell !== '')
  if (filled.length === 0) return null
  const of = (column: keyof typeof columns) => filled.find(({ name }) => columns[column].test(name))?.cell
  return {
    title: filled[0]?.cell.slice(0, 300).toWellFormed() ?? null,
    text: filled.map(({ name, cell }) => `${name}: ${cell}`).join('; '),
    date: dayOf(of('date')),
    region: regionOf(of('region')),
    language: canonicalLanguage(of('language') ?? null),
    url: webAddressOf(of('url')),
  }
}

function dayOf(text: string | undefined): string | null {
  return text !== undefined && isDay(text) ? text : null
}

/** Returns whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text)
}

const regionNames = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' })

/** Returns a country's code, or a subdivision's, in capitals; null if there is no such country. */
export function regionOf(text: string | undefined): string | null {
  const [, country = '', subdivision] = /^([a-z]{2})(-[a-z\d]{1,3})?$/i.exec(text ?? '') ?? []
  if (country === '' || regionNames.of(country.toUpperCase()) === undefined) return null
  return `${country}${subdivision ?? ''}`.toUpperCase()
}

function webAddressOf(text: string | undefined): string | null {
  if (text === undefined || text.length > 2000 || !URL.canParse(text)) return null
  return /^https?:$/.test(new URL(text).protocol) ? text : null
}
