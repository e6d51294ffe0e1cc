import type { FigureRow } from '../../components/figures/figure-columns.tsx'
import { NoViews } from '../../components/get-started.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { MissingSection, Section } from '../../components/section.tsx'
import { BreakdownTable } from '../../components/tables/breakdown-table.tsx'
import { type SearchQuery, SearchDocument } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { format } from '../../report/page-format.ts'
import { phraseOf, type TimeRange } from '../../report/time-range.ts'
import { useReport } from '../../report/use-report.ts'
import { hasFailed } from '../../session/query-graph.ts'
import type { SitePageProps } from '../site-page.ts'
import { LandingPages } from './landing-pages.tsx'
import { LanguageTable } from './language-table.tsx'
import { Performance } from './performance.tsx'
import { SearchImport } from './search-import.tsx'

/** How readers found the site: search engines, assistants, and the other classes of referrers. */
export function Search({ site, range }: SitePageProps) {
  const report = useReport(SearchDocument, { site, range }, {})
  const { search: texts } = messages
  return (
    <ReportView
      report={report}
      timeZone={site.timeZone}
      announce={(data) => texts.viewsFromEngines(format.count(viewsFrom(data, 'search')))}
    >
      {({ data, range: shown }) => {
        if (data.site === null) return null
        const { search: engagement, sections } = data.site.report
        const { classes, engines, assistants } = sections
        return (
          <>
            {classes?.length === 0 ? (
              <NoViews range={shown} />
            ) : (
              <>
                <Section of={engines} title={texts.byEngine}>
                  {(rows) => (
                    <Named
                      caption={texts.byEngine}
                      header={texts.engine}
                      none={texts.noEngine}
                      rows={rows}
                      range={shown}
                    />
                  )}
                </Section>
                <Section of={assistants} title={texts.byAssistant}>
                  {(rows) => (
                    <Named
                      caption={texts.byAssistant}
                      header={texts.assistant}
                      none={texts.noAssistant}
                      rows={rows}
                      range={shown}
                    />
                  )}
                </Section>
                <Section of={engagement.landingPages} title={messages.landingPages.caption}>
                  {(rows) => <LandingPages site={site} range={shown} rows={rows} />}
                </Section>
                <Section of={classes} title={texts.byWay}>
                  {(rows) => (
                    <BreakdownTable
                      caption={texts.byWay}
                      header={messages.posts.cameFrom}
                      rows={rows}
                      nameOf={(key) => messages.referrers[key as keyof typeof messages.referrers] ?? key}
                    />
                  )}
                </Section>
              </>
            )}
            <Performance
              siteId={site.siteId}
              of={data.site}
              isMissing={hasFailed(data, 'searchPerformance')}
            />
            {hasFailed(data, 'regions') ? (
              <MissingSection title={messages.languages.caption} />
            ) : (
              <LanguageTable rows={data.site.regions?.languages ?? []} />
            )}
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
  readonly none: (phrase: string) => string
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
      <p class="hint">{none(phraseOf(range))}</p>
    </section>
  )
}

function viewsFrom({ site }: SearchQuery, referrerClass: string): number {
  return site?.report.sections.classes?.find(({ key }) => key === referrerClass)?.metrics.views ?? 0
}
