import type { ComponentChildren, ComponentType } from 'preact'
import { SiteFrameDocument, type SiteFrameQuery } from '../generated/graphql.ts'
import { sitePath } from '../navigation/place.ts'
import { usePlace } from '../navigation/use-place.ts'
import { sitePages } from '../pages.ts'
import { Overview } from '../pages/overview/overview.tsx'
import { useOverview } from '../pages/overview/use-overview.ts'
import type { SitePage, SitePageProps, SiteSummary } from '../pages/site-page.ts'
import { messages } from '../messages/messages.ts'
import { shownTimeZone } from '../report/page-format.ts'
import { formatReportState, parseReportState, type ReportState } from '../report/report-state.ts'
import { useGraph } from '../session/use-graph.ts'
import type { Polled } from '../session/use-polled.ts'
import { ReportControls } from './controls/report-controls.tsx'
import { Failure } from './failure.tsx'
import { NotFound } from './not-found.tsx'
import { Page } from './page.tsx'
import { RangePicker } from './range-picker.tsx'
import { SavedViews } from './saved-views.tsx'
import { SiteNavigation } from './site-navigation.tsx'
import { SitePicker } from './site-picker.tsx'

/** Interval between two loads of the list of sites, ms: new sites are rare. */
const sitesEvery = 300_000

interface SiteFrameProps {
  readonly siteId: string
  /** The path of one of {@link sitePages}. */
  readonly page: string
}

/** A page of a site: its banner, the navigation between the site's pages, and the page. */
export function SiteFrame({ siteId, page }: SiteFrameProps) {
  const shown = sitePages.find(({ path }) => path === page)
  if (shown === undefined) return <NotFound />
  return shown.Page === null ? (
    <OverviewFrame siteId={siteId} shown={shown} />
  ) : (
    <LoadedFrame siteId={siteId} shown={shown} Page={shown.Page} />
  )
}

interface ShownProps {
  readonly siteId: string
  readonly shown: SitePage
}

function LoadedFrame({
  siteId,
  shown,
  Page: Shown,
}: ShownProps & { readonly Page: ComponentType<SitePageProps> }) {
  const frame = useGraph(SiteFrameDocument, { siteId }, sitesEvery)
  return (
    <Frame siteId={siteId} shown={shown} frame={frame}>
      {(props) => <Shown key={siteId} {...props} />}
    </Frame>
  )
}

/** The overview's report has the site, too: the page needs one request. */
function OverviewFrame({ siteId, shown }: ShownProps) {
  const { query } = usePlace()
  const report = useOverview(siteId, parseReportState(query))
  const data = report.data?.data ?? null
  return (
    <Frame siteId={siteId} shown={shown} frame={{ ...report, data }}>
      {(props) => <Overview key={siteId} {...props} report={report} />}
    </Frame>
  )
}

interface FrameProps extends ShownProps {
  readonly frame: Pick<Polled<SiteFrameQuery>, 'data' | 'isCurrent' | 'error' | 'reload'>
  readonly children: (props: SitePageProps) => ComponentChildren
}

function Frame({ siteId, shown, frame, children }: FrameProps) {
  const { query, go } = usePlace()
  const { data, isCurrent, error, reload } = frame
  const state = parseReportState(query)
  const show = (target: string, picked: ReportState) =>
    go(`${sitePath(target, shown.path)}?${formatReportState(picked)}`)
  if (data?.site === null && isCurrent) return <NotFound />
  // While another site loads, its choice stays where it is.
  const site = data?.site?.siteId === siteId ? withShownTimeZone(data.site) : null
  const onState = (picked: ReportState) => show(siteId, picked)
  return (
    <Page
      title={shown.label}
      {...(site && { of: site.name })}
      banner={
        data !== null && (
          <SitePicker
            sites={withSite(data.sites.edges, site)}
            siteId={siteId}
            // Filters are of one site: another has other posts.
            onPick={(target) => show(target, { ...state, filter: {} })}
          />
        )
      }
      navigation={<SiteNavigation siteId={siteId} page={shown.path} state={state} />}
      controls={
        shown.hasRange && <RangePicker range={state.range} onPick={(range) => onState({ ...state, range })} />
      }
    >
      {shown.hasFilters && (
        <ReportControls state={state} hasComparison={shown.hasComparison ?? false} onPick={onState} />
      )}
      {site === null ? (
        <>
          {error === null ? (
            <p class="loading">{messages.states.loading}</p>
          ) : (
            <Failure error={error} state={state} onState={onState} onRetry={reload} />
          )}
        </>
      ) : (
        <>
          {site.disconnectedAt !== null && <p class="notice">{messages.states.disconnected}</p>}
          {shown.hasRange && <SavedViews key={`views of ${siteId}`} siteId={siteId} page={shown.path} />}
          {children({ site, range: state.range, state, onState, onSiteChange: reload })}
        </>
      )}
    </Page>
  )
}

function withShownTimeZone(site: SiteSummary): SiteSummary {
  return { ...site, timeZone: shownTimeZone(site.timeZone) }
}

type Listed = { readonly siteId: string; readonly name: string }

/** Returns the sites to choose from. The list has the newest ones, so an old site may not be among them. */
function withSite(edges: readonly { readonly node: Listed }[], site: Listed | null): Listed[] {
  const sites = edges.map(({ node }) => node)
  return site === null || sites.some(({ siteId }) => siteId === site.siteId) ? sites : [site, ...sites]
}
