import { type ColumnType, writeColumn, writeLength } from './columns.ts'

/** A column of a block. */
export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly values: readonly unknown[]
}

/**
 * Columns of the same length as a block of ClickHouse's Native format: nothing is left for the engine to parse.
 * @throws {TypeError} when a value is not of its column's type
 */
export function nativeBlock(columns: readonly Column[]): Buffer {
  const head = Buffer.alloc(10)
  const rows = columns[0]?.values.length ?? 0
  const end = writeLength(head, writeLength(head, 0, columns.length), rows)
  return Buffer.concat([
    head.subarray(0, end),
    ...columns.flatMap(({ name, type, values }) => {
      const told = writeColumn('String', [name, type])
      try {
        // Of no values the format has nothing, not even what a dictionary begins with.
        return rows === 0 ? told : [...told, ...writeColumn(type, values)]
      } catch (error) {
        throw new TypeError(`${name}: ${(error as Error).message}`, { cause: error })
      }
    }),
  ])
}
