import { addRollupColumns } from '../add-rollup-columns.ts'
import type { Migration } from '../migration.ts'

/** The rollups' column for the share of views that were connected to peers. */
export const connectedViewsStep: Migration = {
  id: 18,
  name: 'connected views',
  statements: addRollupColumns(['connected_views UInt64']),
}
