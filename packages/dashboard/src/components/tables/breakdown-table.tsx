import type { ComponentChildren } from 'preact'
import { type FigureRow, figureColumns } from '../figures/figure-columns.tsx'
import { messages } from '../../messages/messages.ts'
import { type RowsOf, useAllRows } from '../../report/use-all-rows.ts'
import { ReportTable } from './report-table.tsx'

interface BreakdownTableProps {
  readonly caption: string
  /** The header of the column that names the rows. */
  readonly header: string
  readonly rows: readonly FigureRow[]
  /** A row's name for people. @default its key */
  readonly nameOf?: (key: string, label?: string) => string
  /** What a row without a key is. @default 'Not known' */
  readonly unknown?: string
  /** The cell of a row's name. @default the name */
  readonly cell?: (key: string, name: string) => ComponentChildren
  /** Where a CSV file gets the rows that are not shown. @default it has the shown rows */
  readonly of?: RowsOf
  /** Shown below the table. @default nothing */
  readonly children?: ComponentChildren
}

/** The figures by one property of views. */
export function BreakdownTable({
  caption,
  header,
  rows,
  nameOf = (key) => key,
  unknown = messages.tables.unknown,
  cell = (_key, name) => name,
  of,
  children,
}: BreakdownTableProps) {
  const loadAll = useAllRows()
  const name = {
    header,
    sortBy: ({ key, label }: FigureRow) => (key === null ? null : nameOf(key, label)),
    cell: ({ key, label }: FigureRow) => (key === null ? <i>{unknown}</i> : cell(key, nameOf(key, label))),
  }
  return (
    <ReportTable
      caption={caption}
      columns={[name, ...figureColumns]}
      rows={rows}
      rowKey={({ key }) => key ?? ''}
      {...(of !== undefined && rows.length >= of.limit && { loadAll: () => loadAll(of) })}
    >
      {children}
    </ReportTable>
  )
}
