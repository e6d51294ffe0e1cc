import { addRollupColumns } from '../add-rollup-columns.ts'
import type { Migration } from '../migration.ts'

/**
 * The number of snapshots that were sent for a rollup's views, and the number received. Before, only a read of every single
 * view could count them.
 */
export const arrivedAddedUpStep: Migration = {
  id: 14,
  name: 'arrived added up',
  statements: addRollupColumns(['sent_snapshots UInt64', 'received_snapshots UInt64']),
}
