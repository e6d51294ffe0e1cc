import type { MetricsPart } from './asked-parts.ts'
import type { Arm, Device } from './view-row.ts'

/** Which views a query is about: those that started from `from` until before `to`. */
export interface ReportQuery {
  readonly site: string
  readonly from: Date
  readonly to: Date
  readonly filter?: Filter | undefined
  /**
   * What is wanted beside the number of views, and of vitals to be rated also their percentiles: most of a report's time
   * goes into these. To read another part of the answer throws.
   * @default metricsParts
   */
  readonly parts?: readonly MetricsPart[] | undefined
}

/** Every given field must match. */
export interface Filter {
  readonly post?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  /** ISO 3166-2. */
  readonly subdivision?: string | undefined
  /** The autonomous system, as its rows have it. */
  readonly network?: string | undefined
  readonly arm?: Arm | undefined
  readonly device?: Device | undefined
}

/** Lengths of a series' points; those of days and longer are a time zone's. */
export const intervals = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const
export type Interval = (typeof intervals)[number]

/** What views can be told apart by. */
export const dimensions = [
  'country',
  'subdivision',
  'network',
  'post',
  'arm',
  'device',
  'browser',
  'connection',
  'referrer',
  'referrer_class',
  'search_engine',
  'assistant',
  'campaign_source',
  'campaign_medium',
  'campaign_name',
  'lcp_target',
  'lcp_url',
  'inp_target',
  'cls_target',
] as const
export type Dimension = (typeof dimensions)[number]

/** Points of a series at most: a week of minutes. */
export const maxSeriesPoints = 10_080

/** Rows of a breakdown at most. */
export const maxBreakdownRows = 1000
