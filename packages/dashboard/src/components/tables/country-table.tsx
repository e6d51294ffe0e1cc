import type { ComponentChildren } from 'preact'
import { messages } from '../../messages/messages.ts'
import { countryName } from '../../report/page-format.ts'
import type { RowsOf } from '../../report/use-all-rows.ts'
import type { FigureRow } from '../figures/figure-columns.tsx'
import { BreakdownTable } from './breakdown-table.tsx'

interface CountryTableProps {
  readonly rows: readonly FigureRow[]
  /** Where a CSV file gets the rows that are not shown. */
  readonly of: RowsOf
  /** The cell of a country. @default its name */
  readonly cell?: (key: string, name: string) => ComponentChildren
}

/** The figures by the country of readers' addresses. */
export function CountryTable({ rows, of, cell }: CountryTableProps) {
  return (
    <BreakdownTable
      caption={messages.tables.byCountry}
      header={messages.tables.country}
      rows={rows}
      of={of}
      nameOf={countryName}
      {...(cell && { cell })}
    />
  )
}
