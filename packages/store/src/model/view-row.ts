import type { Beacon } from '@peerpress/wire'

/** Device classes by form, not by make. `other` is known to be none of these. */
export const devices = ['desktop', 'mobile', 'tablet', 'tv', 'other'] as const
export type Device = (typeof devices)[number]

/**
 * The experiment's arms: eligible readers with assistance, eligible readers on the origin alone, and readers that
 * cannot take part.
 */
export const arms = ['assisted', 'control', 'ineligible'] as const satisfies readonly Beacon['arm'][]
export type Arm = (typeof arms)[number]

/** Kinds of referrers: docs/reference.md has the definitions. */
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
 * One snapshot of one page view. null is not known, which is not 0. Of a view's rows the one with the highest
 * `sequence` counts; of equal ones the first received.
 */
export interface ViewRow {
  readonly site: string
  /** UUID. With version 7, the row is stored beside other rows of the same hour. */
  readonly view: string
  readonly sequence: number
  /** Start of the view's navigation, {@link rowTime}. */
  readonly started_at: string
  /** When the snapshot was received, {@link rowTime}. */
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
  /** null in rows from before collectors derived it. */
  readonly referrer_class: ReferrerClass | null
  readonly search_engine: string | null
  readonly assistant: string | null
  readonly campaign_source: string | null
  readonly campaign_medium: string | null
  readonly campaign_name: string | null
  readonly campaign_term: string | null
  readonly campaign_content: string | null
  /** UUID; null if the browser may store nothing. */
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
  /** The elements, addresses (without query) and phases behind the vitals: parts of LCP and INP in ms. */
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
   * Whether the page had a manifest. Without one, assets and bytes are those of its pictures and media, as far as
   * Resource Timing reports them; the fields about peers are 0 and have no meaning.
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
  /**
   * Whether the page was in the background when the view began. This field and the following are missing if they were
   * not measured.
   */
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
  /** Loaded resources by type; `duration` is their total, ms. */
  readonly resources?: NonNullable<Beacon['resources']> | null
  readonly long_frames?: number | null
  /** Total, ms. */
  readonly long_frames_duration?: number | null
  readonly long_frames_blocking?: number | null
  readonly script_errors?: number | null
  readonly resource_errors?: number | null
  readonly error_samples?: NonNullable<Beacon['errors']>['samples'] | null
  readonly interactions?: number | null
  readonly copies?: number | null
  readonly outbound_clicks?: number | null
  readonly download_clicks?: number | null
  /** Events that the page's script counted; `value` is the sum. */
  readonly events?: NonNullable<Beacon['events']> | null
  /** Time that videos and sounds played, ms; time and number of their waits for data. */
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

/** Returns a time in a row's format: UTC, `YYYY-MM-DD hh:mm:ss.mmm`. */
export function rowTime(epochMs: number): string {
  const text = new Date(epochMs).toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 23)}`
}
