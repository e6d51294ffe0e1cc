import type { MetricName, OrderDirection, PostOrder } from '../../generated/graphql.ts'
import { metricsByName } from '../../report/metric-names.ts'
import { formatTimeRange, type TimeRange } from '../../report/time-range.ts'

/** What a list of posts is ordered by. A metric orders the posts that have views in the range. */
export type ListOrder = PostOrder | MetricName

/** The part of the list of posts that is shown. All of it is in the page's address. */
export interface ListPlace {
  readonly search: string
  readonly order: ListOrder
  /** The direction of a metric's order. Without one, publications are listed from the latest and titles from A. */
  readonly direction: OrderDirection
  /** Cursors: the posts after one, or those before another. At most one is set; a metric's order only goes forward. */
  readonly after: string | null
  readonly before: string | null
  /** When the first page of a metric's order was loaded, ms: a cursor belongs to one range. */
  readonly at: number | null
}

export function parseListPlace(query: URLSearchParams): ListPlace {
  const after = query.get('after')
  const order = parseOrder(query.get('order'))
  const isPaged = isMetric(order) && after !== null
  return {
    search: query.get('q')?.slice(0, 200) ?? '',
    order,
    direction: query.get('direction') === 'ASC' ? 'ASC' : 'DESC',
    after,
    before: after === null && !isMetric(order) ? query.get('before') : null,
    at: isPaged ? parseTime(query.get('at')) : null,
  }
}

function parseOrder(text: string | null): ListOrder {
  if (text === 'TITLE') return text
  return text !== null && isMetric(text as ListOrder) ? (text as MetricName) : 'PUBLISHED'
}

function parseTime(text: string | null): number | null {
  return text !== null && /^\d{12,13}$/.test(text) ? Number(text) : null
}

/** Whether posts are ordered by a metric. */
export function isMetric(order: ListOrder): order is MetricName {
  return metricsByName.has(order as MetricName)
}

/** Returns the query of a page's address. */
export function formatListPlace(
  range: TimeRange,
  { search, order, direction, after, before, at }: ListPlace,
): string {
  const query = new URLSearchParams(formatTimeRange(range))
  if (search !== '') query.set('q', search)
  if (order !== 'PUBLISHED') query.set('order', order)
  if (isMetric(order) && direction === 'ASC') query.set('direction', direction)
  if (after !== null) query.set('after', after)
  if (before !== null) query.set('before', before)
  if (at !== null) query.set('at', String(at))
  return String(query)
}

const pageSize = 50

/** Returns the arguments of the list in the graph. */
export function listVariables({ search, order, direction, after, before }: ListPlace, size = pageSize) {
  const byMetric = isMetric(order)
  return {
    byMetric,
    search: search === '' ? null : search,
    orderBy: byMetric ? ('PUBLISHED' as const) : order,
    first: before === null && !byMetric ? size : null,
    after: byMetric ? null : after,
    last: before === null ? null : size,
    before,
    metric: byMetric ? order : ('VIEWS' as const),
    direction,
    rows: size,
    rowsAfter: byMetric ? after : null,
  }
}
