import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Insertion } from '../engine/connection.ts'
import type { Removed } from '../retention/removed.ts'
import { nativeViews, viewColumnList } from '../model/view-columns.ts'

/** What goes to the engine for an insertion. */
export interface InsertBody {
  /** The table, and which of its columns where that are not all. */
  readonly into: string
  readonly format: 'JSONEachRow' | 'Native'
  readonly bytes: Buffer
}

/**
 * Views go as columns, because there are many: to parse their text takes the engine twelve times as long as all else
 * that it does with them. Rows of what was removed are left out; null when no other are there.
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

/** bytes that are looked through at a time, more or less. */
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
