import type { Migration } from '../migration.ts'

/**
 * `views`, later `snapshots`, holds the snapshots of page views. A query reads it with `FINAL`: of a view's snapshots the
 * one with the highest number counts. Of copies of that one the first received counts, so that a replay an hour later does
 * not move the view by an hour. `version` holds both: the number in the upper bits, 2^42 - 1 - received ms in the lower.
 *
 * The table is not partitioned by time. Two snapshots of a view that began at a boundary may differ in `started_at` by
 * their delay on the network. They would lie in two partitions, and a query that reads one of them would see the older
 * snapshot.
 *
 * A part is on the disk before its insert is answered (`fsync_*`), because the collector deletes its copy then.
 */
export const views = `
CREATE TABLE IF NOT EXISTS views (
  site LowCardinality(String),
  view UUID,
  sequence UInt16,
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  version UInt64 MATERIALIZED bitShiftLeft(toUInt64(sequence), 42)
    + (4398046511103 - toUInt64(toUnixTimestamp64Milli(received_at))),
  url String CODEC(ZSTD),
  post LowCardinality(Nullable(String)),
  arm LowCardinality(String),
  country LowCardinality(Nullable(String)),
  device LowCardinality(Nullable(String)),
  browser LowCardinality(Nullable(String)),
  navigation LowCardinality(String),
  referrer LowCardinality(Nullable(String)),
  connection LowCardinality(Nullable(String)),
  lcp Nullable(Float32) CODEC(ZSTD),
  inp Nullable(Float32) CODEC(ZSTD),
  cls Nullable(Float32) CODEC(ZSTD),
  fcp Nullable(Float32) CODEC(ZSTD),
  ttfb Nullable(Float32) CODEC(ZSTD),
  load Nullable(Float32) CODEC(ZSTD),
  has_delivery Bool,
  assets_complete UInt32 CODEC(ZSTD),
  assets_failed UInt32 CODEC(ZSTD),
  bytes_peer UInt64 CODEC(ZSTD),
  bytes_seed UInt64 CODEC(ZSTD),
  bytes_mirror UInt64 CODEC(ZSTD),
  bytes_origin UInt64 CODEC(ZSTD),
  bytes_cache UInt64 CODEC(ZSTD),
  wrong_bytes UInt64 CODEC(ZSTD),
  rejected_chunks UInt32 CODEC(ZSTD),
  dropped_peers UInt32 CODEC(ZSTD),
  fallbacks UInt32 CODEC(ZSTD),
  peers UInt32 CODEC(ZSTD),
  uploaded UInt64 CODEC(ZSTD),
  engaged_ms Float32 CODEC(ZSTD),
  scroll_depth Float32 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, view)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

export const viewsStep: Migration = { id: 1, name: 'views', statements: [views] }
