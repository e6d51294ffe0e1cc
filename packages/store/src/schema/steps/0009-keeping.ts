import type { Migration } from '../migration.ts'

/**
 * The day on which a snapshot's number was received, by the server's clock and not by a reader's. The day of an earlier row is
 * the day on which the engine next rewrites it.
 */
export const receivedOn = 'ALTER TABLE receipts ADD COLUMN IF NOT EXISTS received_on Date DEFAULT today()'

/** The sites with a retention time of their own, in days. 0 means that the site has none any more. */
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
 * Removed sites and visitors' days, whose rows must not be inserted again. A visitor's day holds the views that were known of
 * it. It is dropped once no copy of these views can still be in flight.
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

export const keepingStep: Migration = {
  id: 9,
  name: 'keeping',
  statements: [receivedOn, retention, removals],
}
