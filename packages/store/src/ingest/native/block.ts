import { asSource, type ColumnType, writeColumn, writeLength } from './columns.ts'

/** A column of a block. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  /** Stands for a value that a row does not tell, where that is not null. @default undefined */
  readonly instead?: unknown
}

/**
 * Rows as a block of ClickHouse's Native format: nothing is left for the engine to parse. A row has its values in the
 * order of the columns; it may end before the last, and null stands for a value that it does not tell.
 * @throws {TypeError} when a value is not of its column's type
 */
export function nativeBlock(columns: readonly Column[], rows: readonly (readonly unknown[])[]): Buffer {
  const head = Buffer.alloc(10)
  const end = writeLength(head, writeLength(head, 0, columns.length), rows.length)
  const parts: Uint8Array[] = [head.subarray(0, end)]
  columns.forEach(({ name, type, instead }, place) => {
    parts.push(...writeColumn('String', asSource([name, type])))
    // Of no values the format has nothing, not even what a dictionary begins with.
    if (rows.length === 0) return
    try {
      parts.push(...writeColumn(type, { rows, place, instead }))
    } catch (error) {
      throw new TypeError(`${name}: ${(error as Error).message}`, { cause: error })
    }
  })
  return Buffer.concat(parts)
}
