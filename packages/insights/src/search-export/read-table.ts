import { CsvError, parse } from 'csv-parse/sync'
import { InsightsError } from '../insights-error.ts'

/** A row of a table of Search Console: a name or a day, and its figures. */
export interface ExportRow {
  /** Number of the row in the file; the first below the header is 2. */
  readonly line: number
  readonly name: string
  readonly clicks: number
  readonly impressions: number
  /** Mean position; null without impressions. */
  readonly position: number | null
}

/** Search Console exports at most 1,000 rows of a table. */
const maxRows = 1000
/** Columns: the name, clicks, impressions, click-through rate, position. */
const columnCount = 5
/** characters */
const maxRowLength = 8192
const maxTableLength = 256 * 1024
/** The part of a text from which its first rows are parsed, characters. */
const sampleLength = 64 * 1024
const delimiters = [',', ';', '\t'] as const

/**
 * Parses a table as Search Console exports it: comma-separated, or as a spreadsheet saves it again, with semicolons or tabs and
 * decimal commas. The header may have any language.
 * @param file its name, for messages
 * @param names `free`: they are what people typed, and may begin as a formula does
 * @throws {InsightsError} `bad-export`
 */
export function readTable(text: string, file: string, names: 'known' | 'free' = 'known'): ExportRow[] {
  const [header, ...records] = recordsOf(text, file)
  if (header === undefined || records.length === 0) throw refused(file, 'it has no rows')
  if (records.length > maxRows) {
    throw refused(file, `it has more than ${maxRows} rows, which Search Console never exports`)
  }
  if (header.length !== columnCount) {
    throw refused(
      file,
      `it has ${header.length} columns, and not the name, clicks, impressions, CTR and position: export it without a comparison`,
    )
  }
  return records.map((record, index) => rowOf(record, { file, line: index + 2, names }))
}

/** Returns a text's first column below the header, up to a few rows; empty if it is no table. */
export function firstColumn(text: string, rows: number): string[] {
  try {
    const sample = text.length > sampleLength ? text.slice(0, text.lastIndexOf('\n', sampleLength)) : text
    return parsed(sample, rows + 1)
      .slice(1)
      .map(([name = '']) => name)
  } catch (error) {
    if (error instanceof CsvError) return []
    throw error
  }
}

function recordsOf(text: string, file: string): string[][] {
  if (text.length > maxTableLength) throw refused(file, 'it is longer than any table of countries or days')
  try {
    return parsed(text, maxRows + 2)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw refused(file, `it is no table of comma-separated values (${error.code})`, error)
  }
}

/** Parses the first records of a text. */
function parsed(text: string, records: number): string[][] {
  return parse(text, {
    delimiter: delimiterOf(text),
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    trim: true,
    max_record_size: maxRowLength,
    to: records,
  })
}

/** Returns the delimiter that the header has most often. */
function delimiterOf(text: string): string {
  const header = text.slice(0, maxRowLength).split(/[\r\n]/, 1)[0] ?? ''
  const [most] = delimiters.toSorted((a, b) => header.split(b).length - header.split(a).length)
  return most ?? ','
}

interface Place {
  readonly file: string
  readonly line: number
  readonly names: 'known' | 'free'
}

function rowOf(record: readonly string[], place: Place): ExportRow {
  const [name = '', clicks = '', impressions = '', ctr = '', position = ''] = record
  if (record.length !== columnCount) {
    throw refusedRow(place, `has ${record.length} columns in place of ${columnCount}`)
  }
  for (const cell of place.names === 'free' ? record.slice(1) : record) {
    // A spreadsheet runs such a cell as a formula.
    if (/^[=+@\t\r]|^-(?!\d)/.test(cell)) throw refusedRow(place, 'has a formula, which no export has')
  }
  if (decimalOf(ctr.replace(/\s?%$/, '')) === null) throw refusedRow(place, `has "${cut(ctr)}" as its CTR`)
  const row = {
    clicks: countOf(clicks, 'clicks', place),
    impressions: countOf(impressions, 'impressions', place),
  }
  const mean = decimalOf(position)
  if (mean === null) throw refusedRow(place, `has "${cut(position)}" as its position`)
  if (row.clicks > row.impressions) throw refusedRow(place, 'has more clicks than impressions')
  return { ...row, line: place.line, name, position: row.impressions === 0 ? null : mean }
}

function countOf(text: string, what: string, place: Place): number {
  const isGrouped = /^\d{1,3}(?:[.,'\u{a0}\u{202f} ]\d{3})+$/u.test(text)
  const digits = isGrouped ? text.replaceAll(/\D/g, '') : text
  const count = /^\d{1,15}$/.test(digits) ? Number(digits) : null
  if (count === null) throw refusedRow(place, `has "${cut(text)}" as its ${what}, which is no whole number`)
  return count
}

/** Returns a decimal with a point or a comma; null for any other text. */
function decimalOf(text: string): number | null {
  return /^\d{1,9}(?:[.,]\d{1,15})?$/.test(text) ? Number(text.replace(',', '.')) : null
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function refusedRow({ file, line }: Place, why: string): InsightsError {
  return refused(file, `row ${line} ${why}`)
}

function refused(file: string, why: string, cause?: unknown): InsightsError {
  return new InsightsError('bad-export', `${file} is no export of Search Console: ${why}.`, { cause })
}
