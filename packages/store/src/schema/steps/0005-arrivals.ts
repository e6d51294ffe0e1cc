import type { Migration } from '../migration.ts'

/**
 * The number of every received snapshot. `views` drops a number when a later snapshot replaces it; here gaps in the numbers
 * show which snapshots were lost. A number that arrives twice is one row.
 */
export const arrivals = `
CREATE TABLE IF NOT EXISTS arrivals (
  site LowCardinality(String),
  view UUID,
  sequence UInt16
)
ENGINE = ReplacingMergeTree
ORDER BY (site, view, sequence)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

export const arrivalsStep: Migration = { id: 5, name: 'arrivals', statements: [arrivals] }
