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
  /**
   * Further percentiles, which the answer's `quantiles` hold; {@link maxQuantiles} at most.
   * @default []
   */
  readonly quantiles?: readonly QuantileOf[] | undefined
}

/** Measured values of which any percentile can be computed, by column. */
export const measureNames = [
  'lcp',
  'inp',
  'cls',
  'fcp',
  'ttfb',
  'load',
  'long_frames_duration',
  'engaged_ms',
  'scroll_depth',
] as const
export type MeasureName = (typeof measureNames)[number]

/** A percentile of a measured value. */
export interface QuantileOf {
  readonly measure: MeasureName
  /** Which percentile, ratio 0.001-0.999. */
  readonly p: number
}

/**
 * A condition on one dimension of a view. Every given part must match. Values are those of a breakdown's keys, such as
 * `mobile`. `not` also matches views whose value is unknown, so that `eq` and `not` of one value divide all views.
 */
export interface DimensionFilter {
  readonly by: Dimension
  readonly eq?: string | undefined
  /** 1 to {@link maxFilterValues} values. */
  readonly in?: readonly string[] | undefined
  /** 1 to {@link maxFilterValues} values. */
  readonly not?: readonly string[] | undefined
  /** true: only views whose value is unknown. false: only views whose value is known. */
  readonly isUnknown?: boolean | undefined
}

/** Maximum number of values of one condition. */
export const maxFilterValues = 200

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
  /** Further conditions, of any dimension. */
  readonly where?: readonly DimensionFilter[] | undefined
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
  'campaign_term',
  'campaign_content',
  'url',
  'lcp_target',
  'lcp_url',
  'inp_target',
  'cls_target',
] as const
export type Dimension = (typeof dimensions)[number]

/** Maximum number of points of a series: a week of minutes. */
export const maxSeriesPoints = 10_080

/** Maximum number of further percentiles of one query. */
export const maxQuantiles = 20

/** Maximum number of sites of one query. */
export const maxSites = 200

/** Maximum number of rows of a breakdown. */
export const maxBreakdownRows = 1000
