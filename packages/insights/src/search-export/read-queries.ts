import type { QueryExport, QueryFigures } from '@peerpress/registry'
import { InsightsError } from '../insights-error.ts'
import { countryOf } from './country-names.ts'
import { type ExportFile, exportFiles } from './export-files.ts'
import { daysOf, type ExportInput, isMost, isoDay, sampledRows } from './read-export.ts'
import { firstColumn, readTable } from './read-table.ts'

/** Rows that tables of devices and of search appearances have at most. */
const maxOtherRows = 12
/** Names that Search Console gives the table of queries in the languages of most sites. */
const fileName =
  /(?:quer(?:y|ies)|suchanfragen|requ[êe]tes|consultas|zoekopdrachten|zapytania|запрос|クエリ|查询|查詢|sorgu|검색어)/i

/** characters */
const maxQuery = 500

/**
 * Parses the queries of an export. The table is recognized by the name of its file, or as the one that is of neither countries, days
 * nor pages and has more rows than there are devices. Returns null if a zip has no queries.
 * @param input the zip, or the table of queries alone
 * @throws {InsightsError} `bad-export`
 */
export function readQueries({ name, bytes, days }: ExportInput, region: string | null): QueryExport | null {
  const files = exportFiles(bytes, name).map((file) => ({
    file,
    sample: firstColumn(file.text, sampledRows),
    isNamed: fileName.test(file.name.slice(name.length)),
  }))
  const dates = files.find(({ sample }) => isMost(sample, (text) => isoDay.test(text)))?.file
  const period = dates === undefined ? days : daysOf(dates)
  if (period === null) {
    throw new InsightsError(
      'bad-export',
      `${name} does not say of which days it is. Give the whole zip, or the days beside the table.`,
    )
  }
  const table = files.length === 1 && dates === undefined ? files[0]?.file : queriesAmong(files)
  if (table === undefined) return null
  const rows = readTable(table.text, table.name, 'free')
  return { ...period, region, queries: once(rows) }
}

interface SampledFile {
  readonly file: ExportFile
  readonly sample: readonly string[]
  readonly isNamed: boolean
}

function queriesAmong(files: readonly SampledFile[]): ExportFile | undefined {
  const others = files.filter(
    ({ sample }) =>
      sample.length > 0 &&
      !isMost(sample, (text) => isoDay.test(text) || countryOf(text) !== null || /^https?:/.test(text)),
  )
  const named = others.find(({ isNamed }) => isNamed)
  return (named ?? others.find(({ sample }) => sample.length > maxOtherRows))?.file
}

/** Returns each query once. A database refuses U+0000. */
function once(rows: readonly ({ readonly name: string } & Omit<QueryFigures, 'query'>)[]): QueryFigures[] {
  const queries = new Map<string, QueryFigures>()
  for (const { name, clicks, impressions, position } of rows) {
    const query = name
      .replaceAll(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, maxQuery)
      .toWellFormed()
    if (query !== '' && !queries.has(query)) queries.set(query, { query, clicks, impressions, position })
  }
  return [...queries.values()]
}
