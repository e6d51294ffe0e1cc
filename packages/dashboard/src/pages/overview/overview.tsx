import { useMemo } from 'preact/hooks'
import { AnnotationList } from '../../components/annotations/annotation-list.tsx'
import { ShareChart } from '../../components/charts/share-chart.tsx'
import { enoughViews, FirstSteps } from '../../components/first-steps.tsx'
import { NoViews } from '../../components/get-started.tsx'
import { MapSection } from '../../components/map/map-section.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { Section } from '../../components/section.tsx'
import { nameOfPost, PostTable } from '../../components/tables/post-table.tsx'
import { type OverviewQuery } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { format } from '../../report/page-format.ts'
import { type Filter, hasFilter, withFilter } from '../../report/report-filter.ts'
import { formatReportState } from '../../report/report-state.ts'
import type { ReportResult } from '../../report/use-report.ts'
import type { SitePageProps } from '../site-page.ts'
import { FigureCards } from './figure-cards.tsx'
import type { OverviewReport } from './use-overview.ts'
import { hasBaseline, WhatChanged } from './what-changed.tsx'

interface OverviewProps extends SitePageProps {
  readonly report: OverviewReport
}

/** What changed, the main figures, where readers are, and the posts that they read. */
export function Overview({ report, ...props }: OverviewProps) {
  const { site, state, onState } = props
  return (
    <ReportView
      report={report}
      timeZone={site.timeZone}
      state={state}
      onState={onState}
      announce={(data) => messages.states.views(format.count(data.site?.report.sections.totals?.views ?? 0))}
    >
      {(result) => <Content {...props} result={result} onChange={report.reload} />}
    </ReportView>
  )
}

interface ContentProps extends SitePageProps {
  readonly result: ReportResult<OverviewQuery>
  readonly onChange: () => void
}

function Content({ site, state, result, onChange }: ContentProps) {
  const { data, range, interval } = result
  const { go } = usePlace()
  const found = data.site
  const marks = useMemo(
    () => found?.report.annotations.map(({ at }) => Date.parse(at)) ?? [],
    [found?.report.annotations],
  )
  if (found === null) return null
  const { siteId, timeZone } = site
  const { report, findings, named } = found
  const { totals, series, countries, posts: postRows } = report.sections
  const compared = report.compare ?? null
  const posts = named.edges.map(({ node }) => node)
  const nameOf = (postId: string) =>
    nameOfPost(
      postId,
      posts.find((post) => post.postId === postId),
    )
  const regionsOf = (country: string) =>
    `${sitePath(siteId, 'regions')}?${formatReportState({ ...state, filter: withFilter(state.filter, 'country', country) })}`
  const recent = found.recent.sections.totals
  const steps = recent !== null && recent.views < enoughViews && (
    <FirstSteps site={site} hasPost={found.latest.edges.length > 0} recent={recent} />
  )
  if (totals?.views === 0) {
    return (
      <>
        {steps}
        {(recent === null || recent.views > 0 || !steps) && (
          <NoViews range={range} isFiltered={hasFilter(state.filter)} />
        )}
      </>
    )
  }
  return (
    <>
      {steps}
      <WhatChanged
        siteId={siteId}
        state={state}
        findings={findings.edges
          .map(({ node }) => node)
          .filter(({ country }) => isAbout(country, state.filter))}
        compared={compared}
      />
      <Section of={totals} title={messages.overview.figures}>
        {(own) => (
          <FigureCards
            totals={own}
            compared={hasBaseline(compared) ? compared : null}
            series={series ?? []}
          />
        )}
      </Section>
      <Section of={series} title={messages.delivery.shareTitle}>
        {(points) => (
          <ShareChart series={points} to={report.to} interval={interval} timeZone={timeZone} marks={marks}>
            <AnnotationList
              site={site}
              annotations={report.annotations}
              nameOf={nameOf}
              onChange={onChange}
            />
          </ShareChart>
        )}
      </Section>
      <Section of={countries} title={messages.map.title}>
        {(rows) => <MapSection rows={rows} onPick={(country) => go(regionsOf(country))} />}
      </Section>
      <Section of={postRows} title={messages.overview.topPosts}>
        {(rows) => (
          <PostTable
            caption={messages.overview.topPosts}
            siteId={siteId}
            range={range}
            rows={rows}
            posts={posts}
            of={{ site, range, filter: state.filter, by: 'POST', limit: 10 }}
          >
            <p class="table-note">
              <a href={`${hrefOf(sitePath(siteId, 'posts'))}?${formatReportState(state)}`}>
                {messages.overview.allPosts}
              </a>
            </p>
          </PostTable>
        )}
      </Section>
    </>
  )
}

/** Whether a finding about a country, or about none, belongs to a filtered report. */
function isAbout(country: string | null, filter: Filter): boolean {
  return country === null || filter.country === undefined || country === filter.country
}
