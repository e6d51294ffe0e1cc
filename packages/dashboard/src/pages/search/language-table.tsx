import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import type { LanguageFragment } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format, languageName } from '../../report/page-format.ts'

/** Search Console's figures by the language of the pages: the last 28 days against the 168 before. */
export function LanguageTable({ rows }: { readonly rows: readonly LanguageFragment[] }) {
  const { languages: texts } = messages
  if (rows.length === 0) return null
  return (
    <ReportTable
      caption={texts.caption}
      columns={columns}
      rows={rows}
      rowKey={({ language }) => language ?? ''}
      isSorted
    >
      <p class="hint table-note">{texts.hint}</p>
    </ReportTable>
  )
}

const { languages: headers } = messages

const columns: readonly Column<LanguageFragment>[] = [
  {
    header: headers.language,
    sortBy: ({ language }) => (language === null ? null : languageName(language)),
    cell: ({ language }) =>
      language === null ? <i>{messages.tables.unknown}</i> : <bdi>{languageName(language)}</bdi>,
  },
  {
    header: headers.impressions,
    sortBy: ({ recent }) => recent.impressions,
    cell: ({ recent }) => perDay(recent.impressions),
  },
  {
    header: headers.impressionsBefore,
    sortBy: ({ earlier }) => earlier.impressions,
    cell: ({ earlier }) => perDay(earlier.impressions),
  },
  {
    header: headers.clicks,
    sortBy: ({ recent }) => recent.clicks,
    cell: ({ recent }) => perDay(recent.clicks),
  },
  {
    header: headers.clicksBefore,
    sortBy: ({ earlier }) => earlier.clicks,
    cell: ({ earlier }) => perDay(earlier.clicks),
  },
  {
    header: headers.change,
    sortBy: changeOf,
    cell: (row) => {
      const change = changeOf(row)
      return change === null ? <NotMeasured /> : `${change < 0 ? '−' : '+'}${format.ratio(Math.abs(change))}`
    },
  },
]

/** Returns how impressions per day changed, as a ratio; null without any before. */
function changeOf({ recent, earlier }: LanguageFragment): number | null {
  return earlier.impressions === 0 ? null : recent.impressions / earlier.impressions - 1
}

function perDay(value: number): string {
  return value.toLocaleString(undefined, { maximumFractionDigits: 1 })
}
