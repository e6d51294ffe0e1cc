import type { ColumnType } from './column-type.ts'
import type { ViewRow } from './view-row.ts'

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

/** Encodes a row for the store: its values in the order of {@link viewColumns}, as JSON without a line break. */
export function encodeViewRow(row: ViewRow): string {
  const values: unknown[] = viewColumnNames.map((name) => row[name] ?? null)
  while (values.at(-1) === null) values.pop()
  return JSON.stringify(values)
}

/** Decodes a line to its values by column. Older lines are objects with the columns' names. */
export function decodeViewRow(line: string): Record<string, unknown> {
  const decoded: unknown = JSON.parse(line)
  return Array.isArray(decoded)
    ? Object.fromEntries(
        decoded.flatMap((value, place) => (value === null ? [] : [[viewColumnNames[place] ?? place, value]])),
      )
    : (decoded as Record<string, unknown>)
}
