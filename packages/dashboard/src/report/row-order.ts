/** The order of a table's rows. */
export interface RowOrder {
  /** Index of the column. */
  readonly column: number
  readonly direction: 'ascending' | 'descending'
}

/** The value by which a row is ordered; null is not known or not measured. */
export type SortValue = string | number | null

/** Returns the rows in order. Unknown values come last in either direction: they are neither small nor large. */
export function sortRows<Row>(
  rows: readonly Row[],
  direction: RowOrder['direction'],
  value: (row: Row) => SortValue,
): Row[] {
  const sign = direction === 'ascending' ? 1 : -1
  return rows.toSorted((left, right) => {
    const [a, b] = [value(left), value(right)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return (
      sign * (typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a - b)
    )
  })
}
