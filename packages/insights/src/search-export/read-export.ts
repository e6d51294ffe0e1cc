import type { CountryFigures, SearchExport, SearchPeriod } from '@peerpress/registry'
import { InsightsError } from '../insights-error.ts'
import { countryOf } from './country-names.ts'
import { type ExportFile, exportFiles } from './export-files.ts'
import { type ExportRow, firstColumn, readTable } from './read-table.ts'

/** A file that an owner exported from Search Console. */
export interface ExportInput {
  /** For messages. */
  readonly name: string
  /** The zip, or the table of countries alone. */
  readonly bytes: Uint8Array
  /** The days of a table that is not in a zip with its days; null if the zip has them. */
  readonly days: SearchPeriod | null
}

/** A parsed export. */
export interface ReadExport extends SearchExport {
  /** Names that are no country's in any language of Search Console. Their figures are left out. */
  readonly unknownNames: readonly string[]
}

/** Rows by which a table is recognized. */
export const sampledRows = 20
export const isoDay = /^\d{4}-\d\d-\d\d$/

/**
 * Parses an export: its figures by country, and its days. Tables are recognized by their content, because names of files,
 * headers and countries have the language of the person who exported them.
 * @throws {InsightsError} `bad-export`
 */
export function readExport({ name, bytes, days }: ExportInput): ReadExport {
  const files = exportFiles(bytes, name)
  const samples = files.map((file) => ({ file, sample: firstColumn(file.text, sampledRows) }))
  const countries = samples.find(({ sample }) => isMost(sample, (text) => countryOf(text) !== null))?.file
  const dates = samples.find(({ sample }) => isMost(sample, (text) => isoDay.test(text)))?.file
  if (countries === undefined) {
    throw new InsightsError(
      'bad-export',
      `${name} has no table of countries. In Search Console open Performance, choose the days, and export as CSV.`,
    )
  }
  const period = dates === undefined ? days : daysOf(dates)
  if (period === null) {
    throw new InsightsError(
      'bad-export',
      `${name} does not say of which days it is. Give the whole zip, or the days beside the table.`,
    )
  }
  return { ...period, ...byCountry(readTable(countries.text, countries.name)) }
}

export function isMost(sample: readonly string[], matches: (text: string) => boolean): boolean {
  return sample.length > 0 && sample.filter(matches).length > sample.length / 2
}

export function daysOf({ text, name }: ExportFile): SearchPeriod {
  const days = readTable(text, name)
    .map((row) => row.name)
    .toSorted()
  const bad = days.find((day) => !isDay(day))
  if (bad !== undefined) {
    throw new InsightsError('bad-export', `${name} has "${bad.slice(0, 40)}" in place of a day.`)
  }
  return { firstDay: days[0] ?? '', lastDay: days.at(-1) ?? '' }
}

/** Returns whether a text is a day that exists, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!isoDay.test(text)) return false
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text)
}

/** Maximum number of unknown names in an answer. */
const maxUnknownNames = 20

function byCountry(rows: readonly ExportRow[]): Pick<ReadExport, 'countries' | 'unknownNames'> {
  const countries = new Map<string, CountryFigures>()
  const unknownNames: string[] = []
  for (const row of rows) {
    const country = countryOf(row.name)
    if (country === null) unknownNames.push(row.name.slice(0, 80))
    else countries.set(country, added(countries.get(country), { ...row, country }))
  }
  return { countries: [...countries.values()], unknownNames: unknownNames.slice(0, maxUnknownNames) }
}

/** Adds figures of one country, such as those of an old and a new name. The position is weighted by impressions. */
function added(known: CountryFigures | undefined, more: CountryFigures): CountryFigures {
  const { country, clicks, impressions, position } = more
  if (known === undefined) return { country, clicks, impressions, position }
  const all = known.impressions + impressions
  const weighted = (known.position ?? 0) * known.impressions + (position ?? 0) * impressions
  return {
    country,
    clicks: known.clicks + clicks,
    impressions: all,
    position: all === 0 ? null : weighted / all,
  }
}
