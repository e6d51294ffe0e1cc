import type { Migration } from '../migration.ts'

/**
 * The number of snapshots that were sent for a rollup's views, and the number received. Before, only a read of every single
 * view could count them. The marks have all rollups computed again.
 */
const arrivalColumns = [
  ...['hours', 'days'].map(
    (table) => `ALTER TABLE ${table}
  ADD COLUMN IF NOT EXISTS sent_snapshots UInt64 CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS received_snapshots UInt64 CODEC(ZSTD)`,
  ),
  "INSERT INTO marks SELECT site, cell, 1, now64(3, 'UTC') FROM marks GROUP BY site, cell",
]

export const arrivedAddedUpStep: Migration = { id: 14, name: 'arrived added up', statements: arrivalColumns }
