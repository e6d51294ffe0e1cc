import { setImmediate as nextTurn } from 'node:timers/promises'
import { viewColumnNames as names, viewColumns } from '../model/view-row.ts'
import type { ViewRow } from '../model/view-row.ts'
import type { Removed } from '../retention/removed.ts'
import { StoreError } from '../store-error.ts'
import { nativeBlock } from './native/block.ts'

/** The columns' names for an INSERT. */
export const viewColumnList: string = names.join(', ')
const places: ReadonlyMap<string, number> = new Map(names.map((name, place) => [name, place]))

/** Values of missing columns, unless null. A row must have every other column that is not nullable. */
const defaults: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...names
    .filter((name) => /^(UInt32|UInt64|Float32)$/.test(viewColumns[name]))
    .map((name): [string, unknown] => [name, 0]),
  ['has_delivery', false],
  ['sampling', 1],
])

const columns = names.map((name) => ({ name, type: viewColumns[name], missing: defaults.get(name) }))

/** Approximate size of a block's lines, bytes: small enough that its rows stay in the processor's cache. */
const blockBytes = 512 * 1024

/**
 * Converts rows, NDJSON of `encodeViewRow`, to ClickHouse's Native format with all {@link viewColumns}. Rows of removed sites,
 * views and visitors' days are left out; `isAnyLeft` is false when all rows were.
 * Rejects with a {@link StoreError} `bad-rows`.
 */
export async function nativeViews(
  rows: Buffer,
  removed: Removed,
): Promise<{ readonly bytes: Buffer; readonly isAnyLeft: boolean }> {
  const blocks: Buffer[] = []
  let isAnyLeft = rows.length === 0
  let from = 0
  let number = 1
  // Without rows, one empty block is written: the engine reads the columns' names and types from it.
  do {
    // A group of segments takes 0.1 s; other work of this process must not wait for all of it.
    if (from > 0) await nextTurn()
    const end = rows.indexOf('\n', from + blockBytes)
    const to = end < 0 ? rows.length : end + 1
    const lines = rows.toString('utf8', from, to).split('\n').filter(Boolean)
    const first = number
    const read = lines.map((line) => valuesOf(line, number++))
    const table = removed.isEmpty ? read : read.filter((values) => !isRemoved(values, removed))
    isAnyLeft ||= table.length > 0
    try {
      blocks.push(nativeBlock(columns, table))
    } catch (error) {
      throw new StoreError('bad-rows', `rows from ${first}: ${(error as Error).message}`, { cause: error })
    }
    from = to
  } while (from < rows.length)
  return { bytes: Buffer.concat(blocks), isAnyLeft }
}

const placeOf = Object.fromEntries(places) as Readonly<Record<keyof ViewRow, number>>

function isRemoved(values: readonly unknown[], removed: Removed): boolean {
  return removed.has({
    site: values[placeOf.site],
    view: values[placeOf.view],
    visitor: values[placeOf.visitor],
    times: [values[placeOf.started_at], values[placeOf.received_at]],
  })
}

/** Returns a line's values in the order of the columns. */
function valuesOf(line: string, number: number): readonly unknown[] {
  try {
    const row: unknown = JSON.parse(line)
    if (Array.isArray(row) && row.length <= names.length) return row
    if (typeof row !== 'object' || row === null) throw new TypeError('it is neither a list nor an object')
    const values: unknown[] = names.map(() => null)
    for (const [name, value] of Object.entries(row)) {
      const place = places.get(name)
      if (place === undefined) throw new TypeError(`there is no column ${name}`)
      values[place] = value
    }
    return values
  } catch (error) {
    throw new StoreError('bad-rows', `row ${number}: ${(error as Error).message}`, { cause: error })
  }
}
