import type { ComponentChildren } from 'preact'
import { type FigureRow, figureColumns } from '../figures/figure-columns.tsx'
import { messages } from '../../messages/messages.ts'
import { ReportTable } from './report-table.tsx'

interface BreakdownTableProps {
  readonly caption: string
  /** The header of the column that names the rows. */
  readonly header: string
  readonly rows: readonly FigureRow[]
  /** A row's name for people. @default its key */
  readonly nameOf?: (key: string) => string
  /** What a row without a key is. @default 'Not known' */
  readonly unknown?: string
  /** The cell of a row's name. @default the name */
  readonly cell?: (key: string, name: string) => ComponentChildren
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
  children,
}: BreakdownTableProps) {
  const name = {
    header,
    sortBy: ({ key }: FigureRow) => (key === null ? null : nameOf(key)),
    cell: ({ key }: FigureRow) => (key === null ? <i>{unknown}</i> : cell(key, nameOf(key))),
  }
  return (
    <ReportTable
      caption={caption}
      columns={[name, ...figureColumns]}
      rows={rows}
      rowKey={({ key }) => key ?? ''}
    >
      {children}
    </ReportTable>
  )
}
