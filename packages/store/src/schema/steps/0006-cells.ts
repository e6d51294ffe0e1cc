import { cellOfView } from '../../model/view-place.ts'
import type { Migration } from '../migration.ts'
import { views } from './0001-views.ts'
import { referral } from './0002-referral.ts'
import { attribution } from './0003-attribution.ts'
import { session } from './0004-session.ts'
import { arrivals } from './0005-arrivals.ts'

/**
 * The snapshots sorted by the hour in a view's id, its cell: rows that one query reads lie together. All snapshots of a view
 * still meet, because its id never changes, even if its `started_at` does. Ids without a time (version 4) share one cell.
 * A cell is a property of ids; only `started_at` says when a view began.
 *
 * A part of less than 256 MiB is one file instead of one per column, because every file needs its own fsync.
 */
const snapshots = `
CREATE TABLE IF NOT EXISTS snapshots AS views
ENGINE = ReplacingMergeTree(version)
ORDER BY (site, ${cellOfView}, view)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1,
  min_bytes_for_wide_part = 268435456`

/** As `arrivals`, in the order of the snapshots. */
export const receipts = `
CREATE TABLE IF NOT EXISTS receipts (
  site LowCardinality(String),
  view UUID,
  sequence UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (site, ${cellOfView}, view, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

/**
 * One text of rows is parsed once and fills both tables. After a crash between the two tables, the caller inserts the rows
 * again.
 */
const cells = [
  // After a crash half way through this step, `views` may be dropped already: it is created again, empty.
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

export const cellsStep: Migration = { id: 6, name: 'cells', statements: cells }
