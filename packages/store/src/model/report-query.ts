import type { MetricPath } from './catalogue/catalogue.ts'
import type { Arm, Device } from './view-row.ts'

/** A query about the views of a site that started from `from` until before `to`. */
export interface ReportQuery {
  readonly site: string
  readonly from: Date
  readonly to: Date
  readonly filter?: Filter | undefined
  /**
   * The metrics to compute beside the number of views. Percentiles take most of a report's time. Reading another metric of
   * the answer throws.
   * @default metricPaths
   */
  readonly metrics?: readonly MetricPath[] | undefined
}

/** Conditions on views. Every given field must match. */
export interface Filter {
  readonly post?: string | undefined
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined
  /** ISO 3166-2. */
  readonly subdivision?: string | undefined
  /** The autonomous system, as in rows of `snapshots`. */
  readonly network?: string | undefined
  readonly arm?: Arm | undefined
  readonly device?: Device | undefined
}

/** Lengths of a series' intervals. Days and longer ones begin at a time zone's midnight. */
export const intervals = ['MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH'] as const
export type Interval = (typeof intervals)[number]

/** Properties of a view by which a breakdown groups. */
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

/** Maximum number of points of a series: a week of minutes. */
export const maxSeriesPoints = 10_080

/** Maximum number of rows of a breakdown. */
export const maxBreakdownRows = 1000
