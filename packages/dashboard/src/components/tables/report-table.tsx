import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import { type RowOrder, type SortValue, sortRows } from '../../report/row-order.ts'

/** A column of a {@link ReportTable}; the first one names the rows. */
export interface Column<Row> {
  readonly header: string
  readonly sortBy: (row: Row) => SortValue
  readonly cell: (row: Row) => ComponentChildren
}

interface ReportTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
}

/** A table that is sorted by its headers: figures from the largest, names from A. */
export function ReportTable<Row>({ caption, columns, rows, rowKey }: ReportTableProps<Row>) {
  const id = useId()
  const [order, setOrder] = useState<RowOrder>({ column: 1, direction: 'descending' })
  const sortBy = (column: number) => {
    const first = column === 0 ? 'ascending' : 'descending'
    const turned = order.direction === 'ascending' ? 'descending' : 'ascending'
    setOrder({ column, direction: order.column === column ? turned : first })
  }
  const sorted = sortRows(rows, order.direction, columns[order.column]!.sortBy)
  return (
    <div class="panel table-panel">
      {/* Scrolls sideways where it is too wide, so it must be reachable by keyboard. */}
      <div class="table-scroll" role="region" aria-labelledby={id} tabIndex={0}>
        <table>
          <caption id={id}>
            <span>{caption}</span>
          </caption>
          <thead>
            <tr>
              {columns.map(({ header }, i) => (
                <th key={header} scope="col" aria-sort={order.column === i ? order.direction : undefined}>
                  <button type="button" onClick={() => sortBy(i)}>
                    {header}
                    <span class="sort-mark" aria-hidden="true" />
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={rowKey(row)}>
                <th scope="row">{columns[0]!.cell(row)}</th>
                {columns.slice(1).map(({ header, cell }) => (
                  <td key={header}>{cell(row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
