import type { PostOrder } from '../../generated/graphql.ts'
import { formatTimeRange, type TimeRange } from '../../report/time-range.ts'

/** The part of the list of posts that is shown. All of it is in the page's address. */
export interface ListPlace {
  readonly search: string
  readonly order: PostOrder
  /** Cursors: the posts after one, or those before another. At most one is set. */
  readonly after: string | null
  readonly before: string | null
}

export function parseListPlace(query: URLSearchParams): ListPlace {
  const after = query.get('after')
  return {
    search: query.get('q')?.slice(0, 200) ?? '',
    order: query.get('order') === 'TITLE' ? 'TITLE' : 'PUBLISHED',
    after,
    before: after === null ? query.get('before') : null,
  }
}

/** Returns the query of a page's address. */
export function formatListPlace(range: TimeRange, { search, order, after, before }: ListPlace): string {
  const query = new URLSearchParams(formatTimeRange(range))
  if (search !== '') query.set('q', search)
  if (order !== 'PUBLISHED') query.set('order', order)
  if (after !== null) query.set('after', after)
  if (before !== null) query.set('before', before)
  return String(query)
}

const pageSize = 50

/** Returns the arguments of the list in the graph. */
export function listVariables({ search, order, after, before }: ListPlace) {
  return {
    search: search === '' ? null : search,
    orderBy: order,
    first: before === null ? pageSize : null,
    after,
    last: before === null ? null : pageSize,
    before,
  }
}
