import type { ColumnType } from '../../model/column-type.ts'
import { asSource, writeColumn, writeLength } from './columns.ts'

/** A column of a block. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** The value of a row that lacks the column, unless null. @default undefined */
  readonly missing?: unknown
}

/**
 * Encodes rows as a block of ClickHouse's Native format, so that the engine has nothing to parse. A row has its values in the
 * order of the columns. It may be shorter than the columns, and null is a missing value.
 * @throws {TypeError} when a value is not of its column's type
 */
export function nativeBlock(columns: readonly Column[], rows: readonly (readonly unknown[])[]): Buffer {
  const head = Buffer.alloc(10)
  const end = writeLength(head, writeLength(head, 0, columns.length), rows.length)
  const parts: Uint8Array[] = [head.subarray(0, end)]
  columns.forEach(({ name, type, missing }, place) => {
    parts.push(...writeColumn('String', asSource([name, type])))
    // The format has nothing for a column without values, not even a dictionary's header.
    if (rows.length === 0) return
    try {
      parts.push(...writeColumn(type, { rows, place, missing }))
    } catch (error) {
      throw new TypeError(`${name}: ${(error as Error).message}`, { cause: error })
    }
  })
  return Buffer.concat(parts)
}
