/** How a table's rows are ordered. */
export interface RowOrder {
  /** Index of the column. */
  readonly column: number
  readonly direction: 'ascending' | 'descending'
}

/** What a row is ordered by; null is not known or not measured. */
export type SortValue = string | number | null

/** The rows in order. What is not known comes last in either direction: it is neither small nor large. */
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
