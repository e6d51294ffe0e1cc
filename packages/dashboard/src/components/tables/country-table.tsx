import { countryName } from '../../report/page-format.ts'
import { type FigureRow, figureColumns } from '../figures/figure-columns.tsx'
import { type Column, ReportTable } from './report-table.tsx'

const columns: readonly Column<FigureRow>[] = [
  {
    header: 'Country',
    sortBy: ({ key }) => (key === null ? null : countryName(key)),
    cell: ({ key }) => (key === null ? <i>Not known</i> : countryName(key)),
  },
  ...figureColumns,
]

/** The figures by the country of readers' addresses. */
export function CountryTable({ rows }: { readonly rows: readonly FigureRow[] }) {
  return <ReportTable caption="By country" columns={columns} rows={rows} rowKey={({ key }) => key ?? ''} />
}
