import { setImmediate as nextTurn } from 'node:timers/promises'
import { nativeBlock } from '../ingest/native/block.ts'
import type { ColumnType } from '../ingest/native/columns.ts'
import type { Removed } from '../retention/removed.ts'
import { StoreError } from '../store-error.ts'
import type { ViewRow } from './view-row.ts'

/**
 * The columns of `snapshots` in the order in which a line tells them. It never changes, for lines wait in logs: later
 * columns come at the end.
 */
const viewColumns = {
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

const names = Object.keys(viewColumns) as (keyof ViewRow)[]
/** The columns' names as an INSERT has them. */
export const viewColumnList: string = names.join(', ')
const places: ReadonlyMap<string, number> = new Map(names.map((name, place) => [name, place]))

/** A row as the store takes it: its values in the order of {@link viewColumns}, JSON without a line's end. */
export function encodeViewRow(row: ViewRow): string {
  const values: unknown[] = names.map((name) => row[name] ?? null)
  while (values.at(-1) === null) values.pop()
  return JSON.stringify(values)
}

/** What a line tells, by column. Lines of before told each value with its column's name. */
export function decodeViewRow(line: string): Record<string, unknown> {
  const told: unknown = JSON.parse(line)
  return Array.isArray(told)
    ? Object.fromEntries(
        told.flatMap((value, place) => (value === null ? [] : [[names[place] ?? place, value]])),
      )
    : (told as Record<string, unknown>)
}

/** What stands for a value that was not told, where that is not null. Of all other columns each must be told. */
const untold: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...names
    .filter((name) => /^(UInt32|UInt64|Float32)$/.test(viewColumns[name]))
    .map((name): [string, unknown] => [name, 0]),
  ['has_delivery', false],
  ['sampling', 1],
])

const columns = names.map((name) => ({ name, type: viewColumns[name], instead: untold.get(name) }))

/** bytes of a block's lines, more or less: so few that its rows stay in the processor's cache while columns are made. */
const blockBytes = 512 * 1024

/**
 * Rows, NDJSON of {@link encodeViewRow}, in ClickHouse's Native format, with all of {@link viewColumns}, but for those of
 * what was removed; `isAnyLeft` is false when all rows were.
 * Rejects with a {@link StoreError} `bad-rows`.
 */
export async function nativeViews(
  rows: Buffer,
  removed: Removed,
): Promise<{ readonly bytes: Buffer; readonly isAnyLeft: boolean }> {
  const blocks: Buffer[] = []
  let isAnyLeft = rows.length === 0
  let from = 0
  let number = 1
  // No rows are a block too, of which the engine reads what the columns are.
  do {
    // A group of segments takes 0.1 s, which nobody else of this process is to wait for.
    if (from > 0) await nextTurn()
    const end = rows.indexOf('\n', from + blockBytes)
    const to = end < 0 ? rows.length : end + 1
    const lines = rows.toString('utf8', from, to).split('\n').filter(Boolean)
    const first = number
    const told = lines.map((line) => valuesOf(line, number++))
    const table = removed.isEmpty ? told : told.filter((values) => !isRemoved(values, removed))
    isAnyLeft ||= table.length > 0
    try {
      blocks.push(nativeBlock(columns, table))
    } catch (error) {
      throw new StoreError('bad-rows', `rows from ${first}: ${(error as Error).message}`, { cause: error })
    }
    from = to
  } while (from < rows.length)
  return { bytes: Buffer.concat(blocks), isAnyLeft }
}

const placeOf = Object.fromEntries(places) as Readonly<Record<keyof ViewRow, number>>

function isRemoved(values: readonly unknown[], removed: Removed): boolean {
  return removed.has({
    site: values[placeOf.site],
    view: values[placeOf.view],
    visitor: values[placeOf.visitor],
    times: [values[placeOf.started_at], values[placeOf.received_at]],
  })
}

/** A line's values in the order of the columns. */
function valuesOf(line: string, number: number): readonly unknown[] {
  try {
    const row: unknown = JSON.parse(line)
    if (Array.isArray(row) && row.length <= names.length) return row
    if (typeof row !== 'object' || row === null) throw new TypeError('it is neither a list nor an object')
    const values: unknown[] = names.map(() => null)
    for (const [name, value] of Object.entries(row)) {
      const place = places.get(name)
      if (place === undefined) throw new TypeError(`there is no column ${name}`)
      values[place] = value
    }
    return values
  } catch (error) {
    throw new StoreError('bad-rows', `row ${number}: ${(error as Error).message}`, { cause: error })
  }
}
