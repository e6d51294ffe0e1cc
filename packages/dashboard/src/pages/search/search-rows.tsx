import type { ComponentChildren } from 'preact'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import type { SearchListKind, SearchListOrder, SearchRowFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { countryName, format } from '../../report/page-format.ts'

interface SearchRowsProps {
  readonly rows: readonly SearchRowFragment[]
  readonly by: SearchListKind
  readonly orderBy: SearchListOrder
  readonly onOrder: (order: SearchListOrder) => void
  /** Loads the rows of a CSV file. */
  readonly loadAll: () => Promise<readonly SearchRowFragment[]>
  /** Shown below the table. */
  readonly children: ComponentChildren
}

/** The orders of the columns; the first column has none. */
const orders: readonly (SearchListOrder | null)[] = [null, 'CLICKS', 'IMPRESSIONS', 'CTR', 'POSITION']

/** A page of a list of Search Console. A header orders the whole list. */
export function SearchRows({ rows, by, orderBy, onOrder, loadAll, children }: SearchRowsProps) {
  const { searchConsole: texts } = messages
  if (rows.length === 0) return <p class="panel hint">{texts.noRows}</p>
  return (
    <div class="search-rows">
      <ReportTable
        caption={texts.captions[by]}
        columns={columnsFor(by)}
        rows={rows}
        rowKey={({ key }) => key}
        paged={{
          shown: { column: orders.indexOf(orderBy), direction: directionOf(orderBy) },
          directionsOf: (column) => {
            const order = orders[column] ?? null
            return order === null ? [] : [directionOf(order)]
          },
          onPick: ({ column }) => onOrder(orders[column] ?? 'CLICKS'),
        }}
        loadAll={loadAll}
      >
        {children}
      </ReportTable>
    </div>
  )
}

/** The first position is the best. */
function directionOf(order: SearchListOrder): 'ascending' | 'descending' {
  return order === 'POSITION' ? 'ascending' : 'descending'
}

function columnsFor(by: SearchListKind): readonly Column<SearchRowFragment>[] {
  const { searchConsole: texts } = messages
  return [
    {
      header: texts.headers[by],
      sortBy: ({ key }) => nameOf(key, by),
      cell: ({ key }) => <bdi>{nameOf(key, by)}</bdi>,
    },
    { header: texts.clicks, sortBy: ({ clicks }) => clicks, cell: ({ clicks }) => format.count(clicks) },
    {
      header: texts.impressions,
      sortBy: ({ impressions }) => impressions,
      cell: ({ impressions }) => format.count(impressions),
    },
    {
      header: texts.ctrShort,
      sortBy: ({ ctr }) => ctr,
      cell: ({ ctr }) => (ctr === null ? texts.none : format.ratio(ctr)),
    },
    {
      header: texts.position,
      sortBy: ({ position }) => position,
      cell: ({ position }) => (position === null ? texts.none : positionText(position)),
    },
  ]
}

function nameOf(key: string, by: SearchListKind): string {
  const { unknown, devices } = messages.searchConsole
  if (by === 'COUNTRY') return key === 'ZZ' ? unknown : countryName(key)
  return by === 'DEVICE' ? (devices[key as keyof typeof devices] ?? key) : key
}

/** Formats a position in results. */
export function positionText(position: number): string {
  return position.toLocaleString(undefined, { maximumFractionDigits: 1 })
}
