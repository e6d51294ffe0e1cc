import type { Metrics } from './catalogue/catalogue.ts'

/** How readers went from view to view. A ratio of no sessions is null. */
export interface Sessions {
  readonly count: number
  readonly viewsPerSession: number | null
  /** Sessions with two views or more, or with 10 s of attention, ÷ sessions, ratio 0-1. */
  readonly engaged: number | null
  /** Sessions that were not engaged ÷ sessions, ratio 0-1. */
  readonly bounce: number | null
}

/** How many of the numbered snapshots were received. */
export interface Arrivals {
  /** The sum of the highest number of each view. */
  readonly sent: number
  readonly received: number
  /** (sent - received) ÷ sent, ratio 0-1; null when none was sent. */
  readonly loss: number | null
}

/** The metrics of the views that started in one interval. */
export interface SeriesPoint {
  /** Start of the interval. */
  readonly start: Date
  readonly metrics: Metrics
}

/** The metrics of the views that share a key; the key is null when the value is not known. */
export interface BreakdownRow {
  readonly key: string | null
  readonly metrics: Metrics
}
