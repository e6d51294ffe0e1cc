import { addRollupColumns } from '../add-rollup-columns.ts'
import type { Migration } from '../migration.ts'

/** The rollups' columns for residual origin load and long-frame time. */
export const originLoadAndLongFramesStep: Migration = {
  id: 15,
  name: 'origin load and long frames',
  statements: addRollupColumns([
    'manifest_origin_bytes UInt64',
    'long_frames_duration_bins Array(UInt16)',
    'long_frames_duration_views Array(UInt32)',
  ]),
}
