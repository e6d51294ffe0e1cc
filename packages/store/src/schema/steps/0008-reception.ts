import { cellOfView } from '../../model/view-place.ts'
import type { Migration } from '../migration.ts'

/**
 * The reader's region, network and daily visitor id, as the collector derives them. `subdivision` is ISO 3166-2, `network` an
 * autonomous system's number and organisation. `visitor` is the same for all views of one reader, site and UTC day.
 */
const whereabouts = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS subdivision LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS network LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS visitor Nullable(UInt64) CODEC(ZSTD)`

/**
 * Snapshots of bots' views. They are separate from `snapshots` so that no report can count them. `snapshot` is the row in
 * JSON as `snapshots` would hold it, so later columns need no change here. A query reads it with `FINAL`, as `snapshots`.
 */
const bots = `
CREATE TABLE IF NOT EXISTS bots (
  site LowCardinality(String),
  view UUID,
  sequence UInt16,
  started_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  received_at DateTime64(3, 'UTC') CODEC(Delta, ZSTD),
  version UInt64 MATERIALIZED bitShiftLeft(toUInt64(sequence), 42)
    + (4398046511103 - toUInt64(toUnixTimestamp64Milli(received_at))),
  sign LowCardinality(String),
  agent LowCardinality(Nullable(String)),
  post LowCardinality(Nullable(String)),
  arm LowCardinality(String),
  country LowCardinality(Nullable(String)),
  subdivision LowCardinality(Nullable(String)),
  network LowCardinality(Nullable(String)),
  device LowCardinality(Nullable(String)),
  snapshot String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, ${cellOfView}, view)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456`

/**
 * Dropped beacons, by hour. A `run` of the collector writes its count of an hour again as it grows. The highest count is
 * read (`FINAL`), so a replay changes nothing.
 */
const drops = `
CREATE TABLE IF NOT EXISTS drops (
  site LowCardinality(String),
  hour DateTime('UTC') CODEC(Delta, ZSTD),
  reason LowCardinality(String),
  run UUID,
  beacons UInt32
)
ENGINE = ReplacingMergeTree(beacons)
ORDER BY (site, hour, reason, run)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

export const receptionStep: Migration = { id: 8, name: 'reception', statements: [whereabouts, bots, drops] }
