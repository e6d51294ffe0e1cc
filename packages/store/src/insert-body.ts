import type { Insertion } from './connection.ts'
import { nativeViews, viewColumnList } from './view-columns.ts'

/** What goes to the engine for an insertion. */
export interface InsertBody {
  /** The table, and which of its columns where that are not all. */
  readonly into: string
  readonly format: 'JSONEachRow' | 'Native'
  readonly bytes: Buffer
}

/**
 * Views go as columns, because there are many: to parse their text takes the engine twelve times as long as all else
 * that it does with them.
 * Rejects with a `StoreError` `bad-rows`.
 */
export async function insertBody({ table, rows }: Insertion): Promise<InsertBody> {
  return table === 'snapshots'
    ? { into: `${table} (${viewColumnList})`, format: 'Native', bytes: await nativeViews(rows) }
    : { into: table, format: 'JSONEachRow', bytes: rows }
}
