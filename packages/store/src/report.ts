import type { Connection, Parameters } from './connection.ts'
import type { BreakdownRow, Metrics, SeriesPoint } from './metrics.ts'
import { metricsAggregates, metricsColumns, noMetrics, readMetrics } from './metrics-sql.ts'
import {
  type Dimension,
  dimensions,
  type Interval,
  maxBreakdownRows,
  maxSeriesPoints,
  type Question,
} from './question.ts'
import { StoreError } from './store-error.ts'
import { rowTime } from './view-row.ts'

const intervalMs: Readonly<Record<Interval, number>> = { MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 }

/** The metrics of all views a question is about. */
export async function totals(connection: Connection, question: Question): Promise<Metrics> {
  const { where, parameters } = condition(question)
  const [row] = await connection.query(select({ where }), parameters)
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  return readMetrics(row)
}

/** The metrics by interval, every interval of the range present. */
export async function series(
  connection: Connection,
  question: Question,
  interval: Interval,
): Promise<SeriesPoint[]> {
  const { where, parameters } = condition(question)
  const step = intervalMs[interval]
  if (step === undefined) throw new StoreError('bad-question', `no interval ${interval}`)
  const first = Math.floor(question.from.getTime() / step)
  const end = Math.ceil(question.to.getTime() / step)
  if (end - first > maxSeriesPoints) {
    throw new StoreError('bad-question', `${end - first} points, at most ${maxSeriesPoints} are answered`)
  }
  const key = 'intDiv(toUnixTimestamp64Milli(started_at), {step:Int64})'
  const rows = await connection.query(select({ where, key }), { ...parameters, step })
  const found = new Map(rows.map((row) => [Number(row['key']), readMetrics(row)]))
  return Array.from({ length: end - first }, (_, i) => ({
    start: new Date((first + i) * step),
    metrics: found.get(first + i) ?? noMetrics,
  }))
}

/** The metrics by key of a dimension, most views first. */
export async function breakdown(
  connection: Connection,
  question: Question,
  { by, limit }: { readonly by: Dimension; readonly limit: number },
): Promise<BreakdownRow[]> {
  const { where, parameters } = condition(question)
  // `by` becomes SQL, so it is checked whatever the types say.
  if (!dimensions.includes(by)) throw new StoreError('bad-question', `no dimension ${by}`)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxBreakdownRows) {
    throw new StoreError('bad-question', `a breakdown has 1 to ${maxBreakdownRows} rows`)
  }
  const rows = await connection.query(select({ where, key: by, limit }), parameters)
  return rows.map((row) => ({
    key: row['key'] as string | null,
    metrics: readMetrics(row),
  }))
}

/**
 * Nothing may be filtered before FINAL has chosen the snapshot that counts: an older snapshot that matches would
 * stand in for a newer one that doesn't. The engine pushes only `site`, a part of the key, below FINAL.
 */
function select({ where, key, limit }: { where: string; key?: string; limit?: number }): string {
  return `
SELECT ${key === undefined ? '' : 'key, '}${metricsColumns}
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key,`}
  ${metricsAggregates}
  FROM snapshots FINAL
  WHERE ${where}
  ${key === undefined ? '' : 'GROUP BY key ORDER BY view_count DESC, key ASC NULLS LAST'}
  ${limit === undefined ? '' : `LIMIT ${limit}`}
)
${key === undefined ? '' : 'ORDER BY view_count DESC, key ASC NULLS LAST'}`
}

interface Condition {
  readonly where: string
  readonly parameters: Parameters
}

/** Which views a question is about. */
export function condition(question: Question): Condition {
  const range = rangeCondition(question)
  const filter = filterCondition(question)
  return {
    where: `${range.where} AND ${filter.where}`,
    parameters: { ...range.parameters, ...filter.parameters },
  }
}

/**
 * Which views are of the question's site and range.
 * @throws {StoreError} `bad-question`
 */
export function rangeCondition({ site, from, to }: Question): Condition {
  const start = from.getTime()
  const end = to.getTime()
  if (!(start >= 0 && start < end && end < maxTime)) {
    throw new StoreError('bad-question', 'the range must end after it begins, between 1970 and 2100')
  }
  return {
    where: `site = {site:String}
    AND started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}`,
    parameters: { site, from: rowTime(start), to: rowTime(end) },
  }
}

/** Which views the question's filter chooses. */
export function filterCondition({ filter = {} }: Question): Condition {
  const parameters: Record<string, string> = {}
  const conditions = ['true']
  for (const column of ['post', 'country', 'arm', 'device'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = {${column}:String}`)
    parameters[column] = value
  }
  return { where: conditions.join(' AND '), parameters }
}

const maxTime = Date.UTC(2100, 0, 1)
