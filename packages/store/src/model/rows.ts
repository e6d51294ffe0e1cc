import type { Metrics, MetricPath } from './catalogue/catalogue.ts'
import type { Dimension } from './report-query.ts'

/** A metric by which rows are ordered. Unknown values come last in both directions, then rows with fewer views. */
export interface RowOrder {
  readonly metric: MetricPath
  readonly direction: 'asc' | 'desc'
}

/** A page of the rows of one or two dimensions. */
export interface RowsQuery {
  /** One dimension, or two different ones. */
  readonly by: readonly Dimension[]
  /** 1 to `maxBreakdownRows`. */
  readonly first: number
  /** The last row of the page before. */
  readonly after?: RowPosition | undefined
  /** @default views, most first */
  readonly order?: RowOrder | undefined
  /**
   * The posts whose rows are paged through, for rows by `post`. The rows of all others are in the remainder.
   * @default every row
   */
  readonly posts?: readonly string[] | undefined
  /**
   * Whether the remainder is needed. Without it, most pages take one statement.
   * @default true
   */
  readonly withRemainder?: boolean | undefined
}

/** Where a row is in the order. It stays valid when the row itself disappears. */
export interface RowPosition {
  readonly value: number | null
  readonly views: number
  /** {@link RowKeys} as text. */
  readonly key: string
}

/** The value of each dimension; null if it is unknown. */
export type RowKeys = readonly (string | null)[]

/** The metrics of the views that share a value of each dimension. */
export interface MetricsRow {
  readonly keys: RowKeys
  readonly metrics: Metrics
  readonly position: RowPosition
}

/** One page of rows. Each view of the query is in one of its rows or in the remainder. */
export interface RowsPage {
  readonly rows: readonly MetricsRow[]
  /** Number of rows of all pages. */
  readonly totalCount: number
  readonly hasNextPage: boolean
  /** The metrics of the views that are in none of these rows; of no views if the remainder is not needed. */
  readonly remainder: Metrics
}

/** Figures of each row of a page, in their order, and of the remainder. */
export interface OfRows<Value> {
  readonly rows: readonly Value[]
  readonly remainder: Value
}

/** Rows to compute further figures of. */
export interface OfRowsQuery {
  readonly by: readonly Dimension[]
  readonly keys: readonly RowKeys[]
}
