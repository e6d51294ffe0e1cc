import { cellOfView } from '../../model/view-place.ts'
import type { Migration } from '../migration.ts'

const settings = 'SETTINGS fsync_after_insert = 1, fsync_part_directory = 1'

/**
 * The number of writes into each cell of `snapshots`. `writes` only grows, so it identifies a state of the cell without a
 * clock. A replay raises it as well, which costs a recomputation and changes no figure.
 */
const marks = `
CREATE TABLE IF NOT EXISTS marks (
  site LowCardinality(String),
  cell DateTime('UTC') CODEC(Delta, ZSTD),
  writes SimpleAggregateFunction(sum, UInt64),
  written_at SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (site, cell)
${settings}, non_replicated_deduplication_window = 1000`

const marksOfSnapshots = `SELECT site, ${cellOfView} AS cell, count() AS writes, now64(3, 'UTC') AS written_at
  FROM snapshots
  GROUP BY site, cell`

/** The number of writes up to which a cell, or all cells of a day, are in the rollups. */
const rolled = `
CREATE TABLE IF NOT EXISTS rolled (
  site LowCardinality(String),
  unit Enum8('hour' = 1, 'day' = 2),
  cell DateTime('UTC') CODEC(Delta, ZSTD),
  generation UInt64 CODEC(ZSTD),
  rolled_at DateTime('UTC') DEFAULT now() CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (site, unit, cell)
${settings}`

/**
 * The views of a cell, deduplicated and aggregated by the values they share. Only rows of the generation that `rolled` names
 * count: a view that moved to another country leaves nothing behind.
 */
const rollup = (table: string, period: string, order: string): string => `
CREATE TABLE IF NOT EXISTS ${table} (
  site LowCardinality(String),
  slice Enum8('all' = 0, 'country' = 1, 'device' = 2, 'network' = 3, 'post' = 4),
  known Bool,
  key String,
  arm LowCardinality(String),
  ${period} DateTime('UTC') CODEC(Delta, ZSTD),
  cell DateTime('UTC') CODEC(Delta, ZSTD),
  generation UInt64 CODEC(ZSTD),
  view_count UInt64 CODEC(ZSTD),
  estimated_views Float64 CODEC(ZSTD),
  listening_views UInt64 CODEC(ZSTD),
  error_free_views UInt64 CODEC(ZSTD),
  asking_views UInt64 CODEC(ZSTD),
  successful_views UInt64 CODEC(ZSTD),
  assisted_views UInt64 CODEC(ZSTD),
  fallback_views UInt64 CODEC(ZSTD),
  helped_views UInt64 CODEC(ZSTD),
  rejecting_views UInt64 CODEC(ZSTD),
  playing_ms UInt64 CODEC(ZSTD),
  standing_ms UInt64 CODEC(ZSTD),
  stall_count UInt64 CODEC(ZSTD),
  shareable_bytes UInt64 CODEC(ZSTD),
  giving_views UInt64 CODEC(ZSTD),
  given_bytes Float64 CODEC(ZSTD),
  given_squares Float64 CODEC(ZSTD),
  tolerated_views UInt64 CODEC(ZSTD),
  lcp_good UInt64 CODEC(ZSTD),
  lcp_poor UInt64 CODEC(ZSTD),
  inp_good UInt64 CODEC(ZSTD),
  inp_poor UInt64 CODEC(ZSTD),
  cls_good UInt64 CODEC(ZSTD),
  cls_poor UInt64 CODEC(ZSTD),
  fcp_good UInt64 CODEC(ZSTD),
  fcp_poor UInt64 CODEC(ZSTD),
  ttfb_good UInt64 CODEC(ZSTD),
  ttfb_poor UInt64 CODEC(ZSTD),
  total_assets_complete UInt64 CODEC(ZSTD),
  total_assets_failed UInt64 CODEC(ZSTD),
  total_bytes_peer UInt64 CODEC(ZSTD),
  total_bytes_seed UInt64 CODEC(ZSTD),
  total_bytes_mirror UInt64 CODEC(ZSTD),
  total_bytes_origin UInt64 CODEC(ZSTD),
  total_bytes_cache UInt64 CODEC(ZSTD),
  total_wrong_bytes UInt64 CODEC(ZSTD),
  total_rejected_chunks UInt64 CODEC(ZSTD),
  total_dropped_peers UInt64 CODEC(ZSTD),
  total_fallbacks UInt64 CODEC(ZSTD),
  total_uploaded UInt64 CODEC(ZSTD),
  lcp_bins Array(UInt16) CODEC(ZSTD),
  lcp_views Array(UInt32) CODEC(ZSTD),
  inp_bins Array(UInt16) CODEC(ZSTD),
  inp_views Array(UInt32) CODEC(ZSTD),
  cls_bins Array(UInt16) CODEC(ZSTD),
  cls_views Array(UInt32) CODEC(ZSTD),
  fcp_bins Array(UInt16) CODEC(ZSTD),
  fcp_views Array(UInt32) CODEC(ZSTD),
  ttfb_bins Array(UInt16) CODEC(ZSTD),
  ttfb_views Array(UInt32) CODEC(ZSTD),
  load_bins Array(UInt16) CODEC(ZSTD),
  load_views Array(UInt32) CODEC(ZSTD),
  engaged_ms_bins Array(UInt16) CODEC(ZSTD),
  engaged_ms_views Array(UInt32) CODEC(ZSTD),
  scroll_depth_bins Array(UInt16) CODEC(ZSTD),
  scroll_depth_views Array(UInt32) CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(generation)
PARTITION BY toYYYYMM(${period})
ORDER BY (site, slice, ${order}, cell)
${settings}, min_bytes_for_wide_part = 268435456`

/** The tables of the rollups, and marks for all earlier rows. */
const rollupTables = [
  marks,
  rolled,
  // A query reads few hours, those at the ends of its range. It reads many days, often of one key among many.
  rollup('hours', 'hour', 'hour, known, key, arm'),
  rollup('days', 'day', 'known, key, arm, day'),
  `CREATE MATERIALIZED VIEW IF NOT EXISTS marks_of_snapshots TO marks AS ${marksOfSnapshots}`,
  `INSERT INTO marks ${marksOfSnapshots}`,
]

export const rollupsStep: Migration = { id: 10, name: 'rollups', statements: rollupTables }
