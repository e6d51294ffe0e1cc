import { askedParts } from '../model/asked-parts.ts'
import { condition } from './condition.ts'
import { boundariesOf } from './intervals.ts'
import type { BreakdownRow, Metrics, SeriesPoint } from '../model/metrics.ts'
import { type MetricsSelection, noMetrics, ofPieces, ofViews, readMetrics } from './metrics-sql.ts'
import {
  type Dimension,
  dimensions,
  type Interval,
  maxBreakdownRows,
  type ReportQuery,
} from '../model/report-query.ts'
import { askEither, type ReportSource, sliceFor, type Statement } from '../rollup/rollups-or-views.ts'
import { fromSnapshots, pieces, type RolledKey } from '../rollup/coverage.ts'
import { StoreError } from '../store-error.ts'

/** The metrics of all views a query is about. */
export async function totals(source: ReportSource, query: ReportQuery): Promise<Metrics> {
  const [answer] = await ask(source, { query })
  if (answer === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  return answer.metrics
}

/** The metrics by interval, every interval of the range present. */
export async function series(
  source: ReportSource,
  query: ReportQuery,
  { interval, timeZone }: { readonly interval: Interval; readonly timeZone: string },
): Promise<SeriesPoint[]> {
  // Before anything is counted: a range that makes no sense has no intervals.
  condition(query)
  const boundaries = boundariesOf(query, interval, timeZone)
  const starts = boundaries.slice(0, -1)
  const startOf = (ms: string) => `roundDown(${ms}, [${starts.map((at) => `toInt64(${at})`).join(', ')}])`
  const answers = await ask(source, {
    query,
    by: undefined,
    boundaries,
    key: {
      rolled: startOf('toInt64(toUnixTimestamp(period)) * 1000'),
      viewed: startOf('toUnixTimestamp64Milli(started_at)'),
    },
  })
  const found = new Map(answers.map(({ key, metrics }) => [Number(key), metrics]))
  return starts.map((at) => ({ start: new Date(at), metrics: found.get(at) ?? noMetrics }))
}

/** The metrics by key of a dimension, most views first. */
export async function breakdown(
  source: ReportSource,
  query: ReportQuery,
  { by, limit }: { readonly by: Dimension; readonly limit: number },
): Promise<BreakdownRow[]> {
  // `by` becomes SQL, so it is checked whatever the types say.
  if (!dimensions.includes(by)) throw new StoreError('bad-query', `no dimension ${by}`)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxBreakdownRows) {
    throw new StoreError('bad-query', `a breakdown has 1 to ${maxBreakdownRows} rows`)
  }
  const key = { rolled: by === 'arm' ? 'arm' : 'if(known, key, NULL)', viewed: by }
  const answers = await ask(source, { query, by, key, limit })
  return answers.map(({ key: value, metrics }) => ({ key: value as string | null, metrics }))
}

interface Asked {
  readonly query: ReportQuery
  readonly by?: Dimension | undefined
  readonly key?: RolledKey
  readonly boundaries?: readonly number[]
  readonly limit?: number
}

interface Answer {
  readonly key: unknown
  readonly metrics: Metrics
}

/** One answer for each key, or one for all. */
async function ask(source: ReportSource, asked: Asked): Promise<Answer[]> {
  const { query, by, key, boundaries } = asked
  const slice = sliceFor(query, by)
  const { rows, areRolled } = await askEither(
    source,
    { query, slice },
    {
      exact: () => exact(asked),
      rolled: (known, of) => fromRollups(pieces({ query, slice: of, key, boundaries }, known), asked),
    },
  )
  const { measures } = askedParts(query)
  return rows.map((row) => ({ key: row['key'], metrics: readMetrics(row, { measures, binned: areRolled }) }))
}

/**
 * Nothing may be filtered before FINAL has chosen the snapshot that counts: an older snapshot that matches would
 * stand in for a newer one that doesn't. The engine pushes only `site` and the cell, parts of the key, below FINAL.
 */
function exact({ query, key, limit }: Asked): Statement {
  const { where, parameters } = condition(query)
  const from = `snapshots FINAL\n  WHERE ${where} AND ${fromSnapshots.cells}`
  const select = { key: key?.viewed, limit, ...ofViews(askedParts(query)) }
  return { sql: selectMetrics({ ...select, states: fromSnapshots.states, from }), parameters }
}

function fromRollups({ sql, parameters }: Statement, { query, key, limit }: Asked): Statement {
  const from = `(${sql}\n  ) AS pieces`
  const select = { key: key && 'pieces.label', limit, ...ofPieces(askedParts(query)) }
  return { sql: selectMetrics({ ...select, from }), parameters }
}

interface MetricsSelect extends MetricsSelection {
  readonly states?: string
  readonly key: string | undefined
  readonly limit: number | undefined
  readonly from: string
}

function selectMetrics({ states, key, limit, columns, steps, aggregates, from }: MetricsSelect): string {
  const order = 'ORDER BY view_count DESC, key ASC NULLS LAST'
  const named = [...(states === undefined ? [] : [states]), ...steps]
  return `
${named.length === 0 ? '' : `WITH ${named.join(',\n  ')}`}
SELECT ${key === undefined ? '' : 'key, '}${columns}
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key,`}
  ${aggregates}
  FROM ${from}
  ${key === undefined ? '' : `GROUP BY key ${order}`}
  ${limit === undefined ? '' : `LIMIT ${limit}`}
)
${key === undefined ? '' : order}`
}
