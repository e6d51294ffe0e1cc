import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Insertion } from '../engine/connection.ts'
import type { Removed } from '../retention/removed.ts'
import { nativeViews, viewColumnList } from './native-views.ts'

/** The body of an insertion for the engine. */
export interface InsertBody {
  /** The table, and its columns unless the rows have all. */
  readonly into: string
  readonly format: 'JSONEachRow' | 'Native'
  readonly bytes: Buffer
}

/**
 * Returns the body of an insertion without removed rows; null when no row is left. Views are sent as columns, because there
 * are many: parsing their text takes the engine twelve times as long as the rest of the insertion.
 * Rejects with a `StoreError` `bad-rows`.
 */
export async function insertBody({ table, rows }: Insertion, removed: Removed): Promise<InsertBody | null> {
  if (table === 'snapshots') {
    const { bytes, isAnyLeft } = await nativeViews(rows, removed)
    return isAnyLeft ? { into: `${table} (${viewColumnList})`, format: 'Native', bytes } : null
  }
  const bytes = removed.isEmpty ? rows : await withoutRemoved(rows, removed)
  return bytes.length > 0 || rows.length === 0 ? { into: table, format: 'JSONEachRow', bytes } : null
}

/** Approximate bytes that are searched between two turns of the event loop. */
const sliceBytes = 512 * 1024

async function withoutRemoved(rows: Buffer, removed: Removed): Promise<Buffer> {
  const slices: Buffer[] = []
  for (let from = 0; from < rows.length;) {
    if (from > 0) await nextTurn()
    const end = rows.indexOf('\n', from + sliceBytes)
    const to = end < 0 ? rows.length : end + 1
    slices.push(removed.without(rows.subarray(from, to)))
    from = to
  }
  return Buffer.concat(slices)
}
