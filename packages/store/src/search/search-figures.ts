import { randomUUID } from 'node:crypto'
import type { Connection, Insertion } from '../engine/connection.ts'
import { mutationsDone } from '../ingest/mutations.ts'
import { quoted } from '../model/quoted.ts'
import { StoreError } from '../store-error.ts'
import {
  type SearchFigure,
  type SearchFigureRow,
  type SearchFiguresQuery,
  searchKinds,
  type SearchOrder,
  type SearchProperty,
  type SearchReading,
  type SearchSum,
  type SearchSumsQuery,
} from './search-figure.ts'

const maxRows = 1000

/** Records all figures of days by one insert, so that a killed process leaves the days as they were. */
export async function recordSearchDays(
  connection: Connection,
  insert: (insertion: Insertion) => Promise<void>,
  { site, property, readAt, days }: SearchReading,
): Promise<void> {
  for (const { day } of days) requireDay(day)
  const [last] = await connection.query(
    'SELECT max(generation) AS last FROM search_figures WHERE site = {site:String}',
    { site },
  )
  const generation = Math.max(readAt.getTime(), Number(last?.['last']) + 1)
  await insert({
    table: 'search_figures',
    rows: Buffer.from(
      days
        .flatMap(({ day, rows }) =>
          rows.map((row) => `${JSON.stringify({ site, property, day, ...row, generation })}\n`),
        )
        .join(''),
    ),
    // The engine remembers tokens of rows that were removed since, and would skip the same day of a site that connects again.
    token: `search figures ${randomUUID()}`,
  })
}

/** Returns a page of the figures of a range. Rows of the same value are ordered by key. */
export async function searchFigures(
  connection: Connection,
  { kind, order, after, limit, ...range }: SearchFiguresQuery,
): Promise<SearchFigure[]> {
  // They become SQL, so they are checked at run time as well.
  if (!Number.isInteger(limit) || limit < 1 || limit > maxRows) {
    throw new StoreError('bad-query', `a page has 1 to ${maxRows} rows`)
  }
  const value = values.get(order)
  if (value === undefined || !searchKinds.includes(kind)) throw new StoreError('bad-query', 'no such list')
  const rows = await connection.query(
    `
SELECT key, ${sums}, if(impressions_sum = 0, 0, clicks_sum / impressions_sum) AS ctr, ${value} AS rank
FROM search_figures FINAL
WHERE ${inRange} AND kind = {kind:String}
GROUP BY key
${after === null ? '' : 'HAVING rank < {value:Float64} OR (rank = {value:Float64} AND key > {after:String})'}
ORDER BY rank DESC, key
LIMIT ${limit}`,
    {
      ...parametersOf(range),
      kind,
      ...(after !== null && { value: rankOf(order, after.value), after: after.key }),
    },
  )
  return rows.map((row) => ({ key: String(row['key']), ...countsOf(row), ctr: Number(row['ctr']) }))
}

/** Returns the sums of all days of a range, by kind. */
export async function searchSums(connection: Connection, range: SearchSumsQuery): Promise<SearchSum[]> {
  const rows = await connection.query(
    `
SELECT kind, ${sums}, uniqExact(day) AS days
FROM search_figures FINAL
WHERE ${inRange}
GROUP BY kind
ORDER BY kind`,
    parametersOf(range),
  )
  return rows.map((row) => ({
    kind: row['kind'] as SearchFigureRow['kind'],
    ...countsOf(row),
    days: Number(row['days']),
  }))
}

/** Returns the days that have figures of a property, in their order. */
export async function searchDays(
  connection: Connection,
  { site, property }: SearchProperty,
): Promise<string[]> {
  const rows = await connection.query(
    `
SELECT DISTINCT toString(day) AS of_day
FROM search_figures FINAL
WHERE ${ofProperty} AND kind = 'total'
ORDER BY of_day`,
    { site, property },
  )
  return rows.map((row) => String(row['of_day']))
}

/** Removes figures of a site: all, or those of other properties than `except`. */
export async function removeSearchFigures(
  connection: Connection,
  site: string,
  except: string | null,
): Promise<void> {
  const condition = `site = ${quoted(site)}${except === null ? '' : ` AND property != ${quoted(except)}`}`
  // A removal rewrites parts of the table, and most of the time there is nothing to remove.
  if ((await connection.query(`SELECT 1 FROM search_figures WHERE ${condition} LIMIT 1`, {})).length === 0)
    return
  await connection.command(`ALTER TABLE search_figures DELETE WHERE ${condition} SETTINGS mutations_sync = 0`)
  await mutationsDone(connection, 'search_figures')
}

const sums = `
  sum(clicks) AS clicks_sum, sum(impressions) AS impressions_sum,
  if(impressions_sum = 0, 0, sum(position * impressions) / impressions_sum) AS position_mean`

const ofProperty = 'site = {site:String} AND property = {property:String}'

/** Rows of the last reading of each day. */
const inRange = `${ofProperty} AND day BETWEEN {first:Date} AND {last:Date}
  AND (day, generation) IN (
    SELECT day, max(generation) FROM search_figures
    WHERE ${ofProperty} AND day BETWEEN {first:Date} AND {last:Date} GROUP BY day)`

/** SQL of what a list is ordered by, the highest first. */
const values: ReadonlyMap<SearchOrder, string> = new Map([
  ['clicks', 'toFloat64(clicks_sum)'],
  ['impressions', 'toFloat64(impressions_sum)'],
  ['ctr', 'toFloat64(ctr)'],
  ['position', '-position_mean'],
])

/** Returns what {@link values} has for a value that a page showed. */
function rankOf(order: SearchOrder, value: number): number {
  return order === 'position' ? -value : value
}

function parametersOf({ site, property, firstDay, lastDay }: SearchSumsQuery) {
  requireDay(firstDay)
  requireDay(lastDay)
  return { site, property, first: firstDay, last: lastDay }
}

/** @throws {StoreError} `bad-query` for a text that is no day from 1970 on */
function requireDay(day: string): void {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : Number.NaN
  if (!(time >= 0) || time >= Date.UTC(2100, 0, 1) || new Date(time).toISOString().slice(0, 10) !== day) {
    throw new StoreError('bad-query', 'a day is written as 2026-02-02, between 1970 and 2100')
  }
}

function countsOf(row: Readonly<Record<string, unknown>>) {
  return {
    clicks: Number(row['clicks_sum']),
    impressions: Number(row['impressions_sum']),
    position: Number(row['position_mean']),
  }
}
