import type { ComponentChildren } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { CsvCell } from '../../report/csv.ts'
import { type RowOrder, type SortValue, sortRows } from '../../report/row-order.ts'
import { SaveCsv } from './save-csv.tsx'

/** A column of a {@link ReportTable}; the first one names the rows. */
export interface Column<Row> {
  readonly header: string
  readonly sortBy: (row: Row) => SortValue
  readonly cell: (row: Row) => ComponentChildren
  /** Whether its cells are sentences. @default false */
  readonly isProse?: boolean
  /** Its columns in a CSV file. @default its header and the value that it is sorted by */
  readonly csv?: readonly { readonly header: string; readonly value: (row: Row) => CsvCell }[]
}

/** The order of rows that come page by page: a header orders all of them in place of the shown ones. */
export interface PagedOrder {
  /** null: by something that is no column. */
  readonly shown: RowOrder | null
  /** The directions that a column can have, the first one first; empty: it cannot order the rows. */
  readonly directionsOf: (column: number) => readonly RowOrder['direction'][]
  readonly onPick: (order: RowOrder) => void
}

interface ReportTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => string
  /** Whether the rows have an order of their own, which stays until a header is pressed. @default false */
  readonly isSorted?: boolean
  /** For rows that come page by page. @default the shown rows are sorted */
  readonly paged?: PagedOrder
  /** Loads the rows of a CSV file. @default the shown rows */
  readonly loadAll?: () => Promise<readonly Row[]>
  /** Shown below the table. @default nothing */
  readonly children?: ComponentChildren
}

/** A table that is sorted by its headers: figures from the largest, names from A. */
export function ReportTable<Row>({
  caption,
  columns,
  rows,
  rowKey,
  isSorted = false,
  paged,
  loadAll,
  children,
}: ReportTableProps<Row>) {
  const id = useId()
  const [own, setOwn] = useState<RowOrder | null>(isSorted ? null : { column: 1, direction: 'descending' })
  const order = paged === undefined ? own : paged.shown
  const directionsOf = paged?.directionsOf ?? ownDirections
  const sortBy = (column: number) => {
    const directions = directionsOf(column)
    const turned = directions.find((direction) => direction !== order?.direction)
    const direction = (order?.column === column ? turned : undefined) ?? directions[0]
    if (direction !== undefined) (paged?.onPick ?? setOwn)({ column, direction })
  }
  const inOrder = (all: readonly Row[]) =>
    own === null || paged !== undefined ? [...all] : sortRows(all, own.direction, columns[own.column]!.sortBy)
  const sorted = inOrder(rows)
  return (
    <div class="panel table-panel">
      <SaveCsv
        caption={caption}
        csv={async () => csvOf(columns, loadAll === undefined ? sorted : inOrder(await loadAll()))}
      />
      {/* Scrolls sideways where it is too wide, so it must be reachable by keyboard. */}
      <div class="table-scroll" role="region" aria-labelledby={id} tabIndex={0}>
        <table>
          <caption id={id}>
            <span>{caption}</span>
          </caption>
          <thead>
            <tr>
              {columns.map(({ header, isProse = false }, i) => (
                <th
                  key={header}
                  scope="col"
                  class={isProse ? 'prose' : undefined}
                  aria-sort={order?.column === i ? order.direction : undefined}
                >
                  {directionsOf(i).length === 0 ? (
                    <span class="column-name">{header}</span>
                  ) : (
                    <button type="button" onClick={() => sortBy(i)}>
                      {header}
                      <span class="sort-mark" aria-hidden="true" />
                    </button>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <tr key={rowKey(row)}>
                <th scope="row">{columns[0]!.cell(row)}</th>
                {columns.slice(1).map(({ header, isProse = false, cell }) => (
                  <td key={header} class={isProse ? 'prose' : undefined}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {children}
    </div>
  )
}

function ownDirections(column: number): readonly RowOrder['direction'][] {
  return column === 0 ? ['ascending', 'descending'] : ['descending', 'ascending']
}

function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  const parts = columns.flatMap(({ header, sortBy, csv }) => csv ?? [{ header, value: sortBy }])
  return {
    header: parts.map(({ header }) => header),
    rows: rows.map((row) => parts.map(({ value }) => value(row))),
  }
}
