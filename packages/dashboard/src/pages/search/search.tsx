import type { FigureRow } from '../../components/figures/figure-columns.tsx'
import { NoViews } from '../../components/get-started.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { type SearchQuery, SearchDocument } from '../../generated/graphql.ts'
import { format } from '../../report/page-format.ts'
import { phraseOf, type TimeRange } from '../../report/time-range.ts'
import { useReport } from '../../report/use-report.ts'
import type { SitePageProps } from '../site-page.ts'
import { Performance } from './performance.tsx'
import { SearchImport } from './search-import.tsx'

/** How readers found the site: search engines, assistants, and the other classes of referrers. */
export function Search({ site, range }: SitePageProps) {
  const report = useReport(SearchDocument, { site, range }, {})
  return (
    <ReportView
      report={report}
      timeZone={site.timeZone}
      announce={(data) => `${format.count(viewsFrom(data, 'search'))} views from search engines`}
    >
      {({ data, range: shown }) => {
        if (data.site === null) return null
        const { classes, engines, assistants } = data.site.report.sections
        return (
          <>
            {classes?.length === 0 ? (
              <NoViews range={shown} />
            ) : (
              <>
                <Section of={engines} title="By search engine">
                  {(rows) => (
                    <Named
                      caption="By search engine"
                      header="Search engine"
                      none="No view came from a search engine"
                      rows={rows}
                      range={shown}
                    />
                  )}
                </Section>
                <Section of={assistants} title="By AI assistant">
                  {(rows) => (
                    <Named
                      caption="By AI assistant"
                      header="AI assistant"
                      none="No view came from an AI assistant"
                      rows={rows}
                      range={shown}
                    />
                  )}
                </Section>
                <Section of={classes} title="By way to the site">
                  {(rows) => (
                    <BreakdownTable
                      caption="By way to the site"
                      header="Came from"
                      rows={rows}
                      nameOf={(key) => classNames[key] ?? key}
                    />
                  )}
                </Section>
              </>
            )}
            <Performance siteId={site.siteId} />
            {/* Exports can be imported before the first view. */}
            <SearchImport siteId={site.siteId} />
          </>
        )
      }}
    </ReportView>
  )
}

interface NamedProps {
  readonly caption: string
  readonly header: string
  /** Says that there are no rows. */
  readonly none: string
  readonly rows: readonly FigureRow[]
  readonly range: TimeRange
}

/** The views that came from something with a name. The others are in the table of all ways. */
function Named({ caption, header, none, rows, range }: NamedProps) {
  const named = rows.filter(({ key }) => key !== null)
  if (named.length > 0) return <BreakdownTable caption={caption} header={header} rows={named} />
  return (
    <section class="panel">
      <h2>{caption}</h2>
      <p class="hint">
        {none} in {phraseOf(range)}.
      </p>
    </section>
  )
}

function viewsFrom({ site }: SearchQuery, referrerClass: string): number {
  return site?.report.sections.classes?.find(({ key }) => key === referrerClass)?.metrics.views ?? 0
}

const classNames: Readonly<Record<string, string>> = {
  assistant: 'AI assistant',
  campaign: 'Campaign link',
  direct: 'Directly',
  email: 'E-mail',
  internal: 'This site itself',
  referral: 'Another site',
  search: 'Search engine',
  social: 'Social network',
}
