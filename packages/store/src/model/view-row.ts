import type { Beacon } from '@peerpress/wire'
import type { ColumnType } from './column-type.ts'

/** Device classes, by what a reader holds rather than by its make. `other` is known to be none of these. */
export const devices = ['desktop', 'mobile', 'tablet', 'tv', 'other'] as const
export type Device = (typeof devices)[number]

/** Which eligible readers were helped, which were kept on the origin, and which could not take part. */
export const arms = ['assisted', 'control', 'ineligible'] as const satisfies readonly Beacon['arm'][]
export type Arm = (typeof arms)[number]

/** What led a reader to a page: docs/reference.md has the definitions. */
export const referrerClasses = [
  'direct',
  'internal',
  'search',
  'assistant',
  'social',
  'email',
  'campaign',
  'referral',
] as const
export type ReferrerClass = (typeof referrerClasses)[number]

/**
 * One snapshot of one page view. null is not known, which is not 0.
 * Of a view's rows the highest `sequence` counts, and of equal ones the first received.
 */
export interface ViewRow {
  readonly site: string
  /** UUID; one of version 7 puts the row beside those of the same hour. */
  readonly view: string
  readonly sequence: number
  /** Start of the view's navigation, {@link rowTime}. */
  readonly started_at: string
  /** When the snapshot came in, {@link rowTime}. */
  readonly received_at: string
  readonly url: string
  readonly post: string | null
  readonly arm: Arm
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  readonly device: Device | null
  readonly browser: string | null
  readonly navigation: string
  readonly referrer: string | null
  /** null in rows from before it was told. */
  readonly referrer_class: ReferrerClass | null
  readonly search_engine: string | null
  readonly assistant: string | null
  readonly campaign_source: string | null
  readonly campaign_medium: string | null
  readonly campaign_name: string | null
  readonly campaign_term: string | null
  readonly campaign_content: string | null
  /** UUID; null where the browser may remember nothing. */
  readonly session: string | null
  /** Whether the view is its session's first. */
  readonly landing: boolean | null
  readonly connection: string | null
  /** ms; `cls` is a score */
  readonly lcp: number | null
  readonly inp: number | null
  readonly cls: number | null
  readonly fcp: number | null
  readonly ttfb: number | null
  readonly load: number | null
  /** What the vitals are due to: selectors, an address without query, and parts of LCP and INP, ms. */
  readonly lcp_target: string | null
  readonly lcp_url: string | null
  readonly lcp_time_to_first_byte: number | null
  readonly lcp_resource_load_delay: number | null
  readonly lcp_resource_load_duration: number | null
  readonly lcp_element_render_delay: number | null
  readonly inp_target: string | null
  readonly inp_input_delay: number | null
  readonly inp_processing_duration: number | null
  readonly inp_presentation_delay: number | null
  readonly cls_target: string | null
  /**
   * Whether the page had a manifest. Without one assets and bytes are those of its pictures and media, as far as
   * Resource Timing tells, and all that is of peers is 0 and means nothing.
   */
  readonly has_delivery: boolean
  readonly assets_complete: number
  readonly assets_failed: number
  /** bytes */
  readonly bytes_peer: number
  readonly bytes_seed: number
  readonly bytes_mirror: number
  readonly bytes_origin: number
  readonly bytes_cache: number
  readonly wrong_bytes: number
  readonly rejected_chunks: number
  readonly dropped_peers: number
  readonly fallbacks: number
  readonly peers: number
  /** bytes */
  readonly uploaded: number
  /** ms */
  readonly engaged_ms: number
  /** ratio 0-1 */
  readonly scroll_depth: number
  /** Share of sessions that were measured, ratio. @default 1 */
  readonly sampling?: number
  /** Whether the page was in the background when the view began. From here on what is left out was not measured. */
  readonly hidden?: boolean | null
  /** Parts of loading the document, ms. */
  readonly timing_redirect?: number | null
  readonly timing_lookup?: number | null
  readonly timing_connect?: number | null
  readonly timing_tls?: number | null
  readonly timing_request?: number | null
  readonly timing_response?: number | null
  readonly timing_interactive?: number | null
  readonly timing_content_loaded?: number | null
  /** What was loaded, by type; `duration` in ms of all together. */
  readonly resources?: NonNullable<Beacon['resources']> | null
  readonly long_frames?: number | null
  /** ms of all together */
  readonly long_frames_duration?: number | null
  readonly long_frames_blocking?: number | null
  readonly script_errors?: number | null
  readonly resource_errors?: number | null
  readonly error_samples?: NonNullable<Beacon['errors']>['samples'] | null
  readonly interactions?: number | null
  readonly copies?: number | null
  readonly outbound_clicks?: number | null
  readonly download_clicks?: number | null
  /** What the page's own script counted; `value` is the sum. */
  readonly events?: NonNullable<Beacon['events']> | null
  /** How long videos and sounds played, and how long and how often they stood still for want of data. */
  readonly played_ms?: number | null
  readonly stalled_ms?: number | null
  readonly stalls?: number | null
  /** ISO 3166-2, such as `US-CA`. */
  readonly subdivision?: string | null
  /** The autonomous system, such as `AS3320 Deutsche Telekom`. */
  readonly network?: string | null
  /** Unsigned 64-bit number in decimal, the same for all views of one reader, site and UTC day. */
  readonly visitor?: string | null
}

/**
 * The columns of `snapshots`, in the order of a line's values. The order never changes, because lines wait in logs: new
 * columns are added at the end.
 */
export const viewColumns = {
  site: 'LowCardinality(String)',
  view: 'UUID',
  sequence: 'UInt16',
  started_at: "DateTime64(3, 'UTC')",
  received_at: "DateTime64(3, 'UTC')",
  url: 'String',
  post: 'LowCardinality(Nullable(String))',
  arm: 'LowCardinality(String)',
  country: 'LowCardinality(Nullable(String))',
  device: 'LowCardinality(Nullable(String))',
  browser: 'LowCardinality(Nullable(String))',
  navigation: 'LowCardinality(String)',
  referrer: 'LowCardinality(Nullable(String))',
  connection: 'LowCardinality(Nullable(String))',
  lcp: 'Nullable(Float32)',
  inp: 'Nullable(Float32)',
  cls: 'Nullable(Float32)',
  fcp: 'Nullable(Float32)',
  ttfb: 'Nullable(Float32)',
  load: 'Nullable(Float32)',
  has_delivery: 'Bool',
  assets_complete: 'UInt32',
  assets_failed: 'UInt32',
  bytes_peer: 'UInt64',
  bytes_seed: 'UInt64',
  bytes_mirror: 'UInt64',
  bytes_origin: 'UInt64',
  bytes_cache: 'UInt64',
  wrong_bytes: 'UInt64',
  rejected_chunks: 'UInt32',
  dropped_peers: 'UInt32',
  fallbacks: 'UInt32',
  peers: 'UInt32',
  uploaded: 'UInt64',
  engaged_ms: 'Float32',
  scroll_depth: 'Float32',
  referrer_class: 'LowCardinality(Nullable(String))',
  search_engine: 'LowCardinality(Nullable(String))',
  assistant: 'LowCardinality(Nullable(String))',
  campaign_source: 'LowCardinality(Nullable(String))',
  campaign_medium: 'LowCardinality(Nullable(String))',
  campaign_name: 'LowCardinality(Nullable(String))',
  campaign_term: 'LowCardinality(Nullable(String))',
  campaign_content: 'LowCardinality(Nullable(String))',
  lcp_target: 'LowCardinality(Nullable(String))',
  lcp_url: 'LowCardinality(Nullable(String))',
  lcp_time_to_first_byte: 'Nullable(Float32)',
  lcp_resource_load_delay: 'Nullable(Float32)',
  lcp_resource_load_duration: 'Nullable(Float32)',
  lcp_element_render_delay: 'Nullable(Float32)',
  inp_target: 'LowCardinality(Nullable(String))',
  inp_input_delay: 'Nullable(Float32)',
  inp_processing_duration: 'Nullable(Float32)',
  inp_presentation_delay: 'Nullable(Float32)',
  cls_target: 'LowCardinality(Nullable(String))',
  session: 'Nullable(UUID)',
  landing: 'Nullable(Bool)',
  sampling: 'Float32',
  hidden: 'Nullable(Bool)',
  timing_redirect: 'Nullable(Float32)',
  timing_lookup: 'Nullable(Float32)',
  timing_connect: 'Nullable(Float32)',
  timing_tls: 'Nullable(Float32)',
  timing_request: 'Nullable(Float32)',
  timing_response: 'Nullable(Float32)',
  timing_interactive: 'Nullable(Float32)',
  timing_content_loaded: 'Nullable(Float32)',
  resources: 'Array(Tuple(type String, count UInt32, cached UInt32, duration Float32, bytes UInt64))',
  long_frames: 'Nullable(UInt32)',
  long_frames_duration: 'Nullable(Float32)',
  long_frames_blocking: 'Nullable(Float32)',
  script_errors: 'Nullable(UInt32)',
  resource_errors: 'Nullable(UInt32)',
  error_samples: 'Array(Tuple(kind String, text String, source Nullable(String), line Nullable(UInt32)))',
  interactions: 'Nullable(UInt32)',
  copies: 'Nullable(UInt32)',
  outbound_clicks: 'Nullable(UInt32)',
  download_clicks: 'Nullable(UInt32)',
  events: 'Array(Tuple(name String, count UInt32, value Nullable(Float64)))',
  subdivision: 'LowCardinality(Nullable(String))',
  network: 'LowCardinality(Nullable(String))',
  visitor: 'Nullable(UInt64)',
  played_ms: 'Nullable(UInt32)',
  stalled_ms: 'Nullable(UInt32)',
  stalls: 'Nullable(UInt32)',
} as const satisfies Record<keyof ViewRow, ColumnType>

export const viewColumnNames = Object.keys(viewColumns) as readonly (keyof ViewRow)[]

/** A time as a row carries it: UTC, `YYYY-MM-DD hh:mm:ss.mmm`. */
export function rowTime(epochMs: number): string {
  const text = new Date(epochMs).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`
}
