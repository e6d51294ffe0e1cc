/** What the figures of a search engine's console are listed by. */
export const searchKinds = ['query', 'page', 'country', 'device'] as const
export type SearchKind = (typeof searchKinds)[number]

/** What lists are ordered by: the highest first, except that the lowest position is first. */
export const searchOrders = ['clicks', 'impressions', 'ctr', 'position'] as const
export type SearchOrder = (typeof searchOrders)[number]

/** How often a search engine showed the site, and how often searchers followed a result. */
export interface SearchCounts {
  readonly clicks: number
  readonly impressions: number
  /** Mean position of the site's results, 1 is first; 0 without impressions. */
  readonly position: number
}

/** The figures of one key on one day, or the sum of a day. */
export interface SearchFigureRow extends SearchCounts {
  /** `total`: of all results of the site. The lists have top rows only, so that they sum up to less. */
  readonly kind: SearchKind | 'total'
  /** A query, the address of a page, a country (ISO 3166-1 alpha-2) or a device; empty for the total. */
  readonly key: string
}

/** All figures of a day. */
export interface SearchDay {
  /** `YYYY-MM-DD`, in the search engine's time zone. */
  readonly day: string
  /** Must have one row of the kind `total`. */
  readonly rows: readonly SearchFigureRow[]
}

/** What the figures are of: one of the properties that a site can have at a search engine. */
export interface SearchProperty {
  readonly site: string
  /** As the search engine names it. */
  readonly property: string
}

/** Days that were read together. */
export interface SearchReading extends SearchProperty {
  /** When they were read. A later reading replaces them, even if the clock was set back meanwhile. */
  readonly readAt: Date
  readonly days: readonly SearchDay[]
}

/** Days of a property, `YYYY-MM-DD`, both included. */
export interface SearchSumsQuery extends SearchProperty {
  readonly firstDay: string
  readonly lastDay: string
}

/** A page of a list. */
export interface SearchFiguresQuery extends SearchSumsQuery {
  readonly kind: SearchKind
  readonly order: SearchOrder
  /** The last row of the page before; null for the first page. */
  readonly after: { readonly value: number; readonly key: string } | null
  /** Maximum number of rows, 1 to 1000. */
  readonly limit: number
}

/** The figures of one key in all days of a range. */
export interface SearchFigure extends SearchCounts {
  readonly key: string
  /** Clicks ÷ impressions, ratio 0-1; 0 without impressions. */
  readonly ctr: number
}

/** The sum of the rows of one kind in a range. */
export interface SearchSum extends SearchCounts {
  readonly kind: SearchFigureRow['kind']
  /** Days of the range that were read. */
  readonly days: number
}
