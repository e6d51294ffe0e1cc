import { useCallback, useEffect, useState } from 'preact/hooks'
import { SiteReportDocument } from '../generated/graphql.ts'
import { format, formatTime } from '../report/page-format.ts'
import { rangeEndingAt, type TimeRangeName, timeRanges } from '../report/time-range.ts'
import { GraphError } from '../session/graph-error.ts'
import { queryGraph } from '../session/query-graph.ts'
import { usePolled } from '../session/use-polled.ts'
import { CountryTable } from './tables/country-table.tsx'
import { Failure } from './failure.tsx'
import { NoViews } from './get-started.tsx'
import { PostTable } from './tables/post-table.tsx'
import { ShareOverTime } from './figures/share-over-time.tsx'
import { Totals } from './figures/totals.tsx'

interface SiteReportProps {
  readonly siteId: string
  readonly range: TimeRangeName
  readonly token: string | null
  readonly onUnauthenticated: () => void
}

const reportEvery = 30_000

/** The report of one site, updated regularly. */
export function SiteReport({ siteId, range, token, onUnauthenticated }: SiteReportProps) {
  const load = useCallback(
    async (signal: AbortSignal) => {
      const { interval } = timeRanges[range]
      const variables = { siteId, range: rangeEndingAt(Date.now(), range), interval }
      return { ...(await queryGraph(SiteReportDocument, variables, { token, signal })), range, interval }
    },
    [siteId, range, token],
  )
  const { data, at, isCurrent, error, reload } = usePolled(load, reportEvery)
  useEffect(() => {
    if (error?.code === 'unauthenticated') onUnauthenticated()
  }, [error])

  if (data === null) {
    return error === null ? (
      <p class="loading">Loading the report…</p>
    ) : (
      <Failure error={error} onRetry={reload} />
    )
  }
  const { site } = data
  if (site === null) {
    return (
      <Failure error={new GraphError('refused', 'This site is not registered any more.')} onRetry={reload} />
    )
  }
  const { totals, series, countries, posts } = site.report
  return (
    <>
      <h1 class="visually-hidden">Report</h1>
      <Announcement
        text={
          isCurrent
            ? `Report loaded: ${format.count(totals.views)} views, ${timeRanges[data.range].phrase}.`
            : ''
        }
      />
      {error !== null && (
        <Failure
          error={error}
          shown={`Shown are the figures of ${timeRanges[data.range].phrase} as of ${clock(at)}.`}
          onRetry={reload}
        />
      )}
      <div class="report" aria-busy={!isCurrent && error === null}>
        {totals.views === 0 ? (
          <NoViews siteId={siteId} during={timeRanges[data.range].phrase} />
        ) : (
          <>
            <Totals totals={totals} />
            <ShareOverTime series={series} interval={data.interval} />
            <CountryTable rows={countries} />
            <PostTable rows={posts} posts={site.posts.edges.map(({ node }) => node)} />
          </>
        )}
        <p class="updated">
          Updated {clock(at)}, every 30 s while this page is in view.{' '}
          {data.interval === 'DAY'
            ? 'Days are days in UTC.'
            : `Times are in ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`}
        </p>
      </div>
    </>
  )
}

function clock(ms: number): string {
  return formatTime(ms, { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}

/** Announces a newly selected report to a screen reader, but not every refresh of it. */
function Announcement({ text }: { readonly text: string }) {
  const [announced, announce] = useState('')
  const isLoading = text === ''
  useEffect(() => announce(text), [isLoading])
  return (
    <p class="visually-hidden" role="status">
      {announced}
    </p>
  )
}
