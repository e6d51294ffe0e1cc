import { EstimateCell } from '../../components/figures/estimate.tsx'
import { ReportTable } from '../../components/tables/report-table.tsx'
import type { SlowRowFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { type RowsOf, useAllRows } from '../../report/use-all-rows.ts'
import { vitals } from './vitals.ts'

interface SlowestProps {
  readonly caption: string
  /** Names the first column. */
  readonly header: string
  readonly rows: readonly SlowRowFragment[]
  /** The measure that the rows are about. */
  readonly of: 'lcp' | 'inp' | 'cls'
  /** Where a CSV file gets the rows that are not shown. */
  readonly all: RowsOf
}

/** Rows of fewer views say nothing. */
const minViews = 5
const maxRows = 20

/** What was slowest among what views named, such as the elements of the LCP. */
export function Slowest({ caption, header, rows, of, all }: SlowestProps) {
  const vital = vitals.find(({ key }) => key === of)!
  const { speed, tables } = messages
  const valueOf = ({ metrics }: SlowRowFragment) => metrics.speed[of]
  const loadAll = useAllRows()
  const isKnown = ({ key, metrics }: SlowRowFragment) => key !== null && metrics.views >= minViews
  const known = rows
    .filter(isKnown)
    .toSorted((a, b) => (valueOf(b)?.value ?? 0) - (valueOf(a)?.value ?? 0))
    .slice(0, maxRows)
  if (known.length === 0) {
    return (
      <section class="panel">
        <h2>{caption}</h2>
        <p class="hint">{speed.noNames}</p>
      </section>
    )
  }
  const value = `${vital.short} p75`
  return (
    <ReportTable
      caption={caption}
      rows={known}
      rowKey={({ key }) => key ?? ''}
      loadAll={async () => (rows.length < all.limit ? rows : await loadAll(all)).filter(isKnown)}
      columns={[
        {
          header,
          sortBy: ({ key }) => key,
          cell: ({ key }) => <code class="slow-name">{nameOf(key ?? '')}</code>,
        },
        {
          header: value,
          sortBy: (row) => valueOf(row)?.value ?? null,
          cell: (row) => <EstimateCell estimate={valueOf(row)} scale={vital.scale} />,
          csv: [
            { header: value, value: (row) => valueOf(row)?.value ?? null },
            { header: tables.low(value), value: (row) => valueOf(row)?.low ?? null },
            { header: tables.high(value), value: (row) => valueOf(row)?.high ?? null },
            { header: tables.samples(value), value: (row) => valueOf(row)?.samples ?? null },
          ],
        },
        {
          header: speed.views,
          sortBy: ({ metrics }) => metrics.views,
          cell: ({ metrics }) => format.count(metrics.views),
        },
      ]}
    >
      <p class="hint table-note">{speed.slow(format.count(minViews))}</p>
    </ReportTable>
  )
}

/** Returns a selector as it is, and of an address its path. */
function nameOf(text: string): string {
  if (!/^https?:/.test(text) || !URL.canParse(text)) return text
  const { host, pathname } = new URL(text)
  return host + pathname
}
