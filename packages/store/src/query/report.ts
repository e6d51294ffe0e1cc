import type { Row, Statement } from '../engine/connection.ts'
import { metricPaths, type Metrics } from '../model/catalogue/catalogue.ts'
import { selectionFor } from '../model/quantile-of.ts'
import type { BreakdownRow, SeriesPoint } from '../model/report.ts'
import { condition } from './condition.ts'
import { boundariesOf } from './intervals.ts'
import { noMetrics, readMetrics } from './read-metrics.ts'
import { aggregatePartials, aggregateViews, type MetricsSql } from './select-metrics.ts'
import {
  type Dimension,
  dimensions,
  type Interval,
  maxBreakdownRows,
  type ReportQuery,
} from '../model/report-query.ts'
import {
  among,
  type ChosenKeys,
  fromSnapshots,
  partialAggregates,
  type RolledKey,
} from '../rollup/coverage.ts'
import { queryRollupsOrViews, type ReportSource } from '../rollup/rollups-or-views.ts'
import { sliceFor } from '../rollup/slice.ts'
import { StoreError } from '../store-error.ts'

/** Returns the metrics of all views of a query. */
export async function totals(source: ReportSource, query: ReportQuery): Promise<Metrics> {
  const [answer] = await metricsByKey(source, { query })
  if (answer === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  return answer.metrics
}

/** Returns the metrics by interval, with every interval of the range. */
export async function series(
  source: ReportSource,
  query: ReportQuery,
  { interval, timeZone }: { readonly interval: Interval; readonly timeZone: string },
): Promise<SeriesPoint[]> {
  // An invalid range has no intervals, so it is refused first.
  condition(query)
  const boundaries = boundariesOf(query, interval, timeZone)
  const starts = boundaries.slice(0, -1)
  const startOf = (ms: string) => `roundDown(${ms}, [${starts.map((at) => `toInt64(${at})`).join(', ')}])`
  const answers = await metricsByKey(source, {
    query,
    boundaries,
    key: {
      rolled: startOf('toInt64(toUnixTimestamp(period)) * 1000'),
      viewed: startOf('toUnixTimestamp64Milli(started_at)'),
    },
  })
  const found = new Map(answers.map(({ key, metrics }) => [Number(key), metrics]))
  return starts.map((at) => ({ start: new Date(at), metrics: found.get(at) ?? noMetrics }))
}

/** Returns the metrics by key of a dimension, most views first. */
export async function breakdown(
  source: ReportSource,
  query: ReportQuery,
  { by, limit }: { readonly by: Dimension; readonly limit: number },
): Promise<BreakdownRow[]> {
  // `by` becomes SQL, so it is checked at run time as well.
  if (!dimensions.includes(by)) throw new StoreError('bad-query', `no dimension ${by}`)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxBreakdownRows) {
    throw new StoreError('bad-query', `a breakdown has 1 to ${maxBreakdownRows} rows`)
  }
  const key = { rolled: by === 'arm' ? 'arm' : 'if(known, key, NULL)', viewed: by }
  const answers = await metricsByKey(source, { query, by: [by], key, limit })
  return answers.map(({ key: value, metrics }) => ({ key: value as string | null, metrics }))
}

export interface KeyedQuery {
  readonly query: ReportQuery
  readonly by?: readonly Dimension[] | undefined
  readonly key?: RolledKey
  /** Columns of views that the key is made of, of which no two values give the same key. @default the key itself */
  readonly groups?: readonly Dimension[] | undefined
  readonly boundaries?: readonly number[]
  readonly limit?: number
  /** Further columns of the answer: SQL of aggregates, and of window functions over all groups. */
  readonly extra?: readonly { readonly name: string; readonly sql: string }[]
  /** Keys: all other views are left out. @default all views */
  readonly only?: ChosenKeys
}

export interface KeyedMetrics {
  readonly key: unknown
  readonly row: Row
  readonly metrics: Metrics
}

/** Returns the metrics for each key; without a key, of all views together. */
export async function metricsByKey(source: ReportSource, keyed: KeyedQuery): Promise<KeyedMetrics[]> {
  const { query, by, key, boundaries, limit, only } = keyed
  const slice = sliceFor(query, by)
  // Posts are many, and the bins of each are long: those of the rows that the limit leaves out would be most of the work.
  if (
    slice === 'post' &&
    key !== undefined &&
    limit !== undefined &&
    limit <= maxBreakdownRows &&
    selectionFor(query).measures.length > 0
  ) {
    const { state } = await source.stateFor(query)
    if (state.snapshots > source.exactViews) return metricsOfLeading(source, keyed)
  }
  const { rows, areRolled } = await queryRollupsOrViews(
    source,
    { query, slice },
    {
      exact: () => exact(keyed),
      rolled: (state, of) =>
        fromRollups(partialAggregates({ query, slice: of, key, boundaries, only }, state), keyed),
    },
  )
  const { metrics: paths = metricPaths, quantiles } = query
  return rows.map((row) => ({
    key: row['key'],
    row,
    metrics: readMetrics(row, { paths, quantiles, binned: areRolled }),
  }))
}

/** Column with the hash of a row's key, because keys may be long; NULL for an unknown key. */
export const keyHash = { name: 'hash', sql: 'toString(sipHash64(key))' } as const

/**
 * Finds the keys with most views by a first statement that reads no bins, and returns their metrics by a second one. A key
 * that lost all its views since the first one has no metrics.
 */
async function metricsOfLeading(source: ReportSource, keyed: KeyedQuery): Promise<KeyedMetrics[]> {
  const counted = { ...keyed.query, metrics: [], quantiles: [] }
  const { query, by, key, extra = [] } = keyed
  const leading = await metricsByKey(source, { ...keyed, query: counted, extra: [...extra, keyHash] })
  if (leading.length === 0) return []
  const only = {
    hashes: leading.flatMap(({ row }) => (row[keyHash.name] === null ? [] : [String(row[keyHash.name])])),
    isUnknown: leading.some((of) => of.key === null),
  }
  const answers = await metricsByKey(source, { query, by, only, ...(key === undefined ? {} : { key }) })
  const found = new Map(answers.map((answer) => [answer.key, answer.metrics]))
  return leading.map((of) => ({ ...of, metrics: found.get(of.key) ?? noMetrics }))
}

/**
 * Returns the statement over snapshots. The filter runs after FINAL has chosen the snapshot that counts: otherwise an older
 * snapshot that matches would replace a newer one that does not. Before FINAL the engine filters only by `site` and cell,
 * which are parts of the key.
 */
function exact({ query, key, groups, limit, extra, only }: KeyedQuery): Statement {
  const { where, parameters } = condition(query)
  const from = `snapshots FINAL\n  WHERE ${where} AND ${fromSnapshots.cells}${among(key?.viewed, only)}`
  const select = { key: key?.viewed, groups, limit, extra, ...aggregateViews(selectionFor(query)) }
  const sql = selectMetrics({ ...select, states: fromSnapshots.states, from })
  return { sql: key === undefined ? sql : `${sql}\n${inParallel}`, parameters }
}

/**
 * Makes the engine finish groups in all its threads, however few groups there are: it would sort the samples of all of them in
 * one thread.
 */
const inParallel = 'SETTINGS group_by_two_level_threshold = 1, group_by_two_level_threshold_bytes = 1'

function fromRollups({ sql, parameters }: Statement, { query, key, limit, extra }: KeyedQuery): Statement {
  const from = `(${sql}\n  ) AS partials`
  const select = {
    key: key && 'partials.label',
    limit,
    extra,
    ...aggregatePartials(selectionFor(query)),
  }
  return { sql: selectMetrics({ ...select, from }), parameters }
}

interface MetricsSelect extends MetricsSql {
  readonly states?: string
  readonly key: string | undefined
  readonly groups?: readonly Dimension[] | undefined
  readonly limit: number | undefined
  readonly extra: KeyedQuery['extra']
  readonly from: string
}

function selectMetrics(select: MetricsSelect): string {
  const { states, key, groups, limit, extra = [], columns, steps, aggregates, from } = select
  const order = 'ORDER BY view_count DESC, key ASC NULLS LAST'
  const named = [...(states === undefined ? [] : [states]), ...steps]
  return `
${named.length === 0 ? '' : `WITH ${named.join(',\n  ')}`}
SELECT ${key === undefined ? '' : 'key, '}${[columns, ...extra.map(({ name }) => name)].join(', ')}
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key,`}
  ${[aggregates, ...extra.map(({ name, sql }) => `${sql} AS ${name}`)].join(',\n  ')}
  FROM ${from}
  ${key === undefined ? '' : `GROUP BY ${groups?.join(', ') ?? 'key'} ${order}`}
  ${limit === undefined ? '' : `LIMIT ${limit}`}
)
${key === undefined ? '' : order}`
}
