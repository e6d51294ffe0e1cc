import type { MetricPath, Metrics } from '../model/catalogue/catalogue.ts'
import { scalarOf } from '../model/scalar.ts'
import { type Dimension, dimensions, maxBreakdownRows, type ReportQuery } from '../model/report-query.ts'
import type { MetricsRow, RowOrder, RowPosition, RowsPage, RowsQuery } from '../model/rows.ts'
import type { ReportSource } from '../rollup/rollups-or-views.ts'
import { StoreError } from '../store-error.ts'
import { noMetrics } from './read-metrics.ts'
import { keyHash, metricsByKey } from './report.ts'
import { readRowKey, rowKey } from './row-key.ts'

/** Maximum number of rows that are ordered by another metric than views, and that can be paged through. */
export const maxOrderedRows = 10_000

const byViews: RowOrder = { metric: 'views', direction: 'desc' }

/**
 * Dimensions that have few values, so that one page usually has all of them, with about how many a site has. The values are
 * those of closed lists.
 */
const narrow: ReadonlyMap<Dimension, number> = new Map<Dimension, number>([
  ['arm', 3],
  ['country', 100],
  ['device', 4],
  ['connection', 6],
  ['referrer_class', 8],
  ['search_engine', 10],
  ['assistant', 6],
])

/**
 * Returns a page of the rows of one or two dimensions. One statement is enough if the page has all rows, or if nobody needs
 * the remainder. Otherwise a first statement orders the rows, and a second one computes the page's rows and the remainder
 * together, so that each view counts once.
 * @throws {StoreError} `bad-query`, also if there are more than {@link maxOrderedRows} rows to order by another metric
 */
export async function pageOfRows(
  source: ReportSource,
  query: ReportQuery,
  page: RowsQuery,
): Promise<RowsPage> {
  checkRows(page)
  const { by, first, after, posts, order = byViews, withRemainder = true } = page
  const isByViews = order.metric === 'views' && order.direction === 'desc'
  const isFirst = after === undefined && posts === undefined
  const isStart = isFirst && isByViews
  if (isStart && (!withRemainder || by.every((dimension) => narrow.has(dimension)))) {
    const start = await firstRows(source, query, page)
    if (!withRemainder || !start.hasNextPage) return start
  }
  if (isFirst && !isByViews && expectedRows(by) <= first) {
    const all = await firstRows(source, withMetric(query, order.metric), page)
    if (!all.hasNextPage)
      return { ...all, rows: all.rows.map((row) => placed(row, order)).toSorted(byPosition(order)) }
  }
  const limit = isStart ? first : maxOrderedRows
  const ordered = await orderedRows(source, query, { by, order, limit })
  const positions = posts === undefined ? ordered.positions : rowsOfPosts(ordered.positions, by, posts)
  const totalCount = posts === undefined ? ordered.totalCount : positions.length
  const start = after === undefined ? 0 : positions.findIndex((at) => compare(at, after, order) > 0)
  const chosen = start === -1 ? [] : positions.slice(start, start + first)
  const answers = await metricsByKey(source, { query, by, key: indexOf(chosen, by) })
  const found = new Map(answers.map(({ key, metrics }) => [Number(key), metrics]))
  return {
    // A row that lost all its views since the first statement has none.
    rows: chosen.map((position, i): MetricsRow => ({
      keys: readRowKey(position.key),
      metrics: found.get(i + 1) ?? noMetrics,
      position: { value: position.value, views: position.views, key: position.key },
    })),
    totalCount,
    hasNextPage: start !== -1 && start + first < Math.min(totalCount, maxOrderedRows),
    remainder: found.get(0) ?? noMetrics,
  }
}

/** Returns about how many rows there are; Infinity if nobody knows. */
function expectedRows(by: readonly Dimension[]): number {
  return by.reduce((product, dimension) => product * (narrow.get(dimension) ?? Infinity), 1)
}

/** Returns the query with a metric that its rows are ordered by. */
function withMetric(query: ReportQuery, metric: MetricPath): ReportQuery {
  return query.metrics === undefined || query.metrics.includes(metric)
    ? query
    : { ...query, metrics: [...query.metrics, metric] }
}

function placed(row: MetricsRow, { metric }: RowOrder): MetricsRow {
  return { ...row, position: { ...row.position, value: valueOf(row.metrics, metric) } }
}

const byPosition = (order: RowOrder) => (a: MetricsRow, b: MetricsRow) =>
  compare(a.position, b.position, order)

/** The number of all groups, whatever the limit. */
const groupCount = { name: 'group_count', sql: 'count() OVER ()' } as const

/** Returns the rows with most views by one statement, without a remainder. */
async function firstRows(
  source: ReportSource,
  query: ReportQuery,
  { by, first }: RowsQuery,
): Promise<RowsPage> {
  const answers = await metricsByKey(source, {
    query,
    by,
    key: rowKey(by),
    // To make the key of each view costs more than to group the views.
    groups: by.every((dimension) => narrow.has(dimension)) ? by : undefined,
    limit: first,
    extra: [groupCount],
  })
  const totalCount = Number(answers[0]?.row['group_count'] ?? 0)
  return {
    rows: answers.map(({ key, metrics }): MetricsRow => {
      const { views } = metrics
      return { keys: readRowKey(String(key)), metrics, position: { value: views, views, key: String(key) } }
    }),
    totalCount,
    hasNextPage: totalCount > first,
    remainder: noMetrics,
  }
}

/** @throws {StoreError} `bad-query` */
export function checkRows({ by, first }: Pick<RowsQuery, 'by' | 'first'>): void {
  if (by.length < 1 || by.length > 2 || new Set(by).size !== by.length) {
    throw new StoreError('bad-query', 'rows are those of one dimension, or of two different ones')
  }
  // Their names become SQL.
  const unknown = by.find((dimension) => !dimensions.includes(dimension))
  if (unknown !== undefined) throw new StoreError('bad-query', `no dimension ${JSON.stringify(unknown)}`)
  if (!Number.isInteger(first) || first < 1 || first > maxBreakdownRows) {
    throw new StoreError('bad-query', `a page has 1 to ${maxBreakdownRows} rows`)
  }
}

interface OrderedRow extends RowPosition {
  /** Of the key: a statement names a thousand rows by it, whatever the length of their keys. */
  readonly hash: string
}

async function orderedRows(
  source: ReportSource,
  query: ReportQuery,
  { by, order, limit }: { readonly by: RowsQuery['by']; readonly order: RowOrder; readonly limit: number },
): Promise<{ readonly positions: readonly OrderedRow[]; readonly totalCount: number }> {
  const metrics: MetricPath[] = order.metric === 'views' ? [] : [order.metric]
  const answers = await metricsByKey(source, {
    query: { ...query, metrics, quantiles: [] },
    by,
    key: rowKey(by),
    limit,
    extra: [keyHash, groupCount],
  })
  const totalCount = Number(answers[0]?.row['group_count'] ?? 0)
  if (totalCount > maxOrderedRows && metrics.length > 0) {
    throw new StoreError(
      'bad-query',
      `${totalCount} rows cannot be ordered by ${order.metric}, ${maxOrderedRows} can: order them by views, or narrow them by a filter`,
    )
  }
  const positions = answers
    .map(({ key, row, metrics: of }): OrderedRow => ({
      value: valueOf(of, order.metric),
      views: of.views,
      key: String(key),
      hash: String(row[keyHash.name]),
    }))
    .toSorted((a, b) => compare(a, b, order))
  return { positions, totalCount }
}

/** Returns the rows of some posts. Only the rows that can be paged through are searched. */
function rowsOfPosts(
  positions: readonly OrderedRow[],
  by: readonly Dimension[],
  posts: readonly string[],
): readonly OrderedRow[] {
  const place = by.indexOf('post')
  if (place === -1) throw new StoreError('bad-query', 'only rows by post can be those of some posts')
  const known = new Set(posts)
  return positions.filter(({ key }) => known.has(readRowKey(key)[place] ?? ''))
}

function valueOf(metrics: Metrics, metric: MetricPath): number | null {
  return metric === 'views' ? metrics.views : (scalarOf(metrics, metric)?.value ?? null)
}

/** Returns SQL of a row's place in the page, from 1; 0 for all other rows. */
function indexOf(chosen: readonly OrderedRow[], by: RowsQuery['by']): { rolled: string; viewed: string } {
  if (chosen.length === 0) return { rolled: '0', viewed: '0' }
  const { rolled, viewed } = rowKey(by)
  const hashes = chosen.map(({ hash }) => `toUInt64(${hash})`).join(', ')
  const places = chosen.map((_, i) => `toUInt32(${i + 1})`).join(', ')
  const indexed = (key: string) => `transform(sipHash64(${key}), [${hashes}], [${places}], toUInt32(0))`
  return { rolled: indexed(rolled), viewed: indexed(viewed) }
}

function compare(a: RowPosition, b: RowPosition, { direction }: RowOrder): number {
  if (a.value !== b.value) {
    if (a.value === null) return 1
    if (b.value === null) return -1
    return direction === 'desc' ? b.value - a.value : a.value - b.value
  }
  if (a.views !== b.views) return b.views - a.views
  return a.key < b.key ? -1 : Number(a.key > b.key)
}
