import { rollupTables } from '../rollup/rollup-tables.ts'
import { cellOfView, hashOfView } from '../model/view-place.ts'

/** One forward step of the schema. A step that has run anywhere never changes; a new need is a new step. */
export interface Migration {
  /** Rises by one. */
  readonly id: number
  readonly name: string
  /** Each may run again after a crash half way through the step: `IF NOT EXISTS` and the like. */
  readonly statements: readonly string[]
}

/**
 * `views`, later `snapshots`, holds snapshots; what counts is `FINAL`: of a view's snapshots the one with the highest number, and of
 * copies of that one the first received, so that a replay an hour later does not move the view by an hour. Both are
 * in `version`: the number in the upper bits, 2^42 - 1 - received ms in the lower.
 *
 * Not partitioned by time: two snapshots of a view that began at a boundary may differ in `started_at` by the delay of
 * their way here, would lie in two partitions, and a query that reads one of them would see the older snapshot.
 *
 * A part is on the disk before its insert is answered (`fsync_*`): the collector deletes its copy then.
 */
const views = `
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

/** Rows from before have null: what led to them was not told. */
const referral = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS referrer_class LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS search_engine LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS assistant LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_source LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_medium LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_name LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_term LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_content LowCardinality(Nullable(String))`

/** What the vitals are due to. */
const attribution = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS lcp_target LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS lcp_url LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS lcp_time_to_first_byte Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_resource_load_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_resource_load_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_element_render_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_target LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS inp_input_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_processing_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_presentation_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS cls_target LowCardinality(Nullable(String))`

/** Views of one reader, one after another. */
const session = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS session Nullable(UUID),
  ADD COLUMN IF NOT EXISTS landing Nullable(Bool)`

/**
 * Every snapshot's number, which `views` forgets when a later one replaces it: the gaps tell what was lost on the way.
 * A number that came twice is one row.
 */
const arrivals = `
CREATE TABLE IF NOT EXISTS arrivals (
  site LowCardinality(String),
  view UUID,
  sequence UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (site, view, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

/**
 * The snapshots sorted by the hour that is in a view's id, its cell: rows that are asked for together lie together, and
 * still all snapshots of a view meet, because its id never changes, whatever its `started_at` does. Ids without a time
 * (version 4) share one cell. What a cell holds is a fact about ids; when a view began is told by `started_at` alone.
 *
 * A part of less than 256 MiB is one file and not one for each column: every file has its own fsync.
 */
const snapshots = `
CREATE TABLE IF NOT EXISTS snapshots AS views
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, ${cellOfView}, view)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456`

/** As `arrivals`, in the order of the snapshots. */
const receipts = `
CREATE TABLE IF NOT EXISTS receipts (
  site LowCardinality(String),
  view UUID,
  sequence UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (site, ${cellOfView}, view, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

/** One text of rows, parsed once, fills both tables; a crash in between is mended by the caller, who comes again. */
const cells = [
  // After a crash half way through this step, when `views` was dropped already, they are there again, empty.
  views,
  referral,
  attribution,
  session,
  arrivals,
  snapshots,
  receipts,
  'INSERT INTO snapshots SELECT * FROM views',
  'INSERT INTO receipts SELECT site, view, sequence FROM arrivals',
  `CREATE MATERIALIZED VIEW IF NOT EXISTS receipts_of_snapshots TO receipts AS
  SELECT site, view, sequence FROM snapshots`,
  'DROP TABLE IF EXISTS views',
  'DROP TABLE IF EXISTS arrivals',
]

/**
 * How the page went beside its vitals, and what its reader did. A view of a sampled site stands for 1 ÷ `sampling`;
 * earlier rows were not sampled. Lists are empty where nothing was told: whether it was is said by the counts beside them.
 */
const experience = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS sampling Float32 DEFAULT 1 CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS hidden Nullable(Bool),
  ADD COLUMN IF NOT EXISTS timing_redirect Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_lookup Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_connect Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_tls Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_request Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_response Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_interactive Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_content_loaded Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS resources Array(Tuple(
    type LowCardinality(String), count UInt32, cached UInt32, duration Float32, bytes UInt64)) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames_blocking Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS script_errors Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS resource_errors Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS error_samples Array(Tuple(
    kind LowCardinality(String), text String, source Nullable(String), line Nullable(UInt32))) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS interactions Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS copies Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS outbound_clicks Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS download_clicks Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS events Array(Tuple(
    name LowCardinality(String), count UInt32, value Nullable(Float64))) CODEC(ZSTD)`

/**
 * What the collector tells of where a reader is and who came, as far as it may. `subdivision` is ISO 3166-2, `network`
 * an autonomous system's number and organisation, `visitor` the same for all views of one reader, site and UTC day.
 */
const whereabouts = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS subdivision LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS network LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS visitor Nullable(UInt64) CODEC(ZSTD)`

/**
 * Snapshots of views that no person is behind, apart from `snapshots` so that no report can hold them. `snapshot` is the
 * row as it would stand there, in JSON: later columns need no change here. What counts is `FINAL`, as there.
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
 * Beacons that were not kept, by hour. A `run` of the collector writes its count of the hour again as it grows; the
 * highest counts (`FINAL`), so that what comes twice changes nothing.
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

/**
 * What the owner wants of what is kept. Receipts get a day that is no reader's clock's: those from before count from when
 * they are next rewritten. `retention` has the sites that want another number of days; 0: no longer.
 */
const receivedOn = 'ALTER TABLE receipts ADD COLUMN IF NOT EXISTS received_on Date DEFAULT today()'
const retention = `
CREATE TABLE IF NOT EXISTS retention (
  site String,
  days UInt32,
  changed_at UInt64
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY site
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

/**
 * What was removed and must not come back, whoever brings it: a whole site, or a visitor's day with the views that were
 * known of it. A visitor's day is forgotten here too, when no copy of it can be on its way any more.
 */
const removals = `
CREATE TABLE IF NOT EXISTS removals (
  site String,
  visitor Nullable(UInt64),
  day Nullable(Date),
  views Array(UUID),
  removed_at DateTime('UTC')
)
ENGINE = MergeTree
ORDER BY site
TTL removed_at + toIntervalDay(60) WHERE visitor IS NOT NULL
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

/**
 * Columns that the engine compresses by LZ4 where nothing else is said take half the room by ZSTD; numbers whose upper
 * bits are the same in all rows around take less when these are put aside first (T64). A view is 11 % smaller on the disk.
 * Rows from before are when they are next merged.
 */
const compression = [
  alterCodecs('snapshots', 'ZSTD', [
    'site view sequence post arm country device browser navigation referrer connection referrer_class search_engine',
    'assistant campaign_source campaign_medium campaign_name campaign_term campaign_content lcp_target lcp_url',
    'inp_target cls_target session landing subdivision network',
  ]),
  alterCodecs('snapshots', 'Delta, ZSTD', ['version']),
  alterCodecs('snapshots', 'T64, ZSTD', ['bytes_peer bytes_origin uploaded peers']),
  alterCodecs('receipts', 'ZSTD', ['site view sequence received_on']),
]

function alterCodecs(table: string, codec: string, lines: readonly string[]): string {
  const columns = lines.flatMap((line) => line.split(' '))
  return `ALTER TABLE ${table}\n  ${columns.map((column) => `MODIFY COLUMN ${column} CODEC(${codec})`).join(',\n  ')}`
}

/** How videos and sounds played: whole ms, so that sums of them do not depend on their order. */
const playback = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS played_ms Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS stalled_ms Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS stalls Nullable(UInt32) CODEC(ZSTD)`

/**
 * As `receipts`, with 40 bits of a view's hash in place of its id: 4 bytes in place of 15 in hours of 14,000 views. Two
 * views of a cell of n that share theirs, so that one number counts once, are n² ÷ 2^41 (birthday bound): 0.01 of 140,000.
 */
const arrivedNumbers = `
CREATE TABLE IF NOT EXISTS arrivals (
  site LowCardinality(String) CODEC(ZSTD),
  cell DateTime('UTC') CODEC(Delta, ZSTD),
  view_hash UInt64 CODEC(Delta, ZSTD),
  sequence UInt16 CODEC(ZSTD),
  received_on Date DEFAULT today() CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree
ORDER BY (site, cell, view_hash, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

const shortReceipts = [
  // After a crash half way through this step, when `receipts` was dropped already, it is there again, empty.
  receipts,
  receivedOn,
  arrivedNumbers,
  `CREATE MATERIALIZED VIEW IF NOT EXISTS arrivals_of_snapshots TO arrivals AS
  SELECT site, ${cellOfView} AS cell, ${hashOfView} AS view_hash, sequence FROM snapshots`,
  // On a cluster each node brings its own, for a view's shard is told by its id.
  `INSERT INTO arrivals (site, cell, view_hash, sequence, received_on)
  SELECT site, ${cellOfView} AS cell, ${hashOfView} AS view_hash, sequence, received_on FROM receipts
  SETTINGS parallel_distributed_insert_select = 2`,
  'DROP TABLE IF EXISTS receipts_of_snapshots',
  'DROP TABLE IF EXISTS receipts',
]

/**
 * How many snapshots were sent of a rollup's views, and how many of those came in: before, only what every single view
 * was sent by could tell. All that was added up is added up anew.
 */
const arrivedAddedUp = [
  ...['hours', 'days'].map(
    (table) => `ALTER TABLE ${table}
  ADD COLUMN IF NOT EXISTS sent_snapshots UInt64 CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS received_snapshots UInt64 CODEC(ZSTD)`,
  ),
  "INSERT INTO marks SELECT site, cell, 1, now64(3, 'UTC') FROM marks GROUP BY site, cell",
]

export const migrations: readonly Migration[] = [
  { id: 1, name: 'views', statements: [views] },
  { id: 2, name: 'referral', statements: [referral] },
  { id: 3, name: 'attribution', statements: [attribution] },
  { id: 4, name: 'session', statements: [session] },
  { id: 5, name: 'arrivals', statements: [arrivals] },
  { id: 6, name: 'cells', statements: cells },
  { id: 7, name: 'experience', statements: [experience] },
  { id: 8, name: 'reception', statements: [whereabouts, bots, drops] },
  { id: 9, name: 'keeping', statements: [receivedOn, retention, removals] },
  { id: 10, name: 'rollups', statements: rollupTables },
  { id: 11, name: 'compression', statements: compression },
  { id: 12, name: 'playback', statements: [playback] },
  { id: 13, name: 'short receipts', statements: shortReceipts },
  { id: 14, name: 'arrived added up', statements: arrivedAddedUp },
]
