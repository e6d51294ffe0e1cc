import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import type { SubdivisionFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { countryName, format } from '../../report/page-format.ts'

interface SubdivisionTableProps {
  /** The country of all rows; null: several. */
  readonly country: string | null
  readonly rows: readonly SubdivisionFragment[]
}

/** How visits from search engines changed in regions of countries, those that lag first. */
export function SubdivisionTable({ country, rows }: SubdivisionTableProps) {
  const { regions: texts } = messages
  if (rows.length === 0) return null
  return (
    <ReportTable
      caption={texts.subdivisions(country === null ? null : countryName(country))}
      columns={columns}
      rows={rows.toSorted((a, b) => Number(b.lags ?? false) - Number(a.lags ?? false))}
      rowKey={({ subdivision }) => subdivision}
      isSorted
    >
      <p class="hint table-note">{texts.subdivisionsHint}</p>
    </ReportTable>
  )
}

const { regions: headers } = messages

const columns: readonly Column<SubdivisionFragment>[] = [
  {
    header: headers.region,
    sortBy: ({ subdivision }) => subdivision,
    cell: ({ subdivision }) => subdivision,
  },
  { header: headers.lags, sortBy: lagText, cell: lagText },
  {
    header: headers.visits,
    sortBy: ({ recent }) => recent.weekly,
    cell: ({ recent }) => format.count(recent.weekly),
  },
  {
    header: headers.visitsBefore,
    sortBy: ({ earlier }) => earlier.weekly,
    cell: ({ earlier }) => format.count(earlier.weekly),
  },
  {
    header: headers.share,
    sortBy: ({ recent }) => recent.share,
    cell: ({ recent }) => format.ratio(recent.share),
  },
  {
    header: headers.shareBefore,
    sortBy: ({ earlier }) => earlier.share,
    cell: ({ earlier }) => format.ratio(earlier.share),
  },
  {
    header: headers.odds,
    sortBy: ({ test }) => test?.oddsRatio ?? null,
    cell: ({ test }) => (test === null ? <NotMeasured /> : test.oddsRatio.toFixed(2)),
  },
]

function lagText({ lags }: SubdivisionFragment): string {
  return lags === null ? headers.tooFewVisits : lags ? headers.isLagging : headers.isNotLagging
}
