import { useState } from 'preact/hooks'
import { Failure } from '../../components/failure.tsx'
import { type FigureRow, figureColumnsOf } from '../../components/figures/figure-columns.tsx'
import { NoSites } from '../../components/get-started.tsx'
import { Page } from '../../components/page.tsx'
import { RangePicker } from '../../components/range-picker.tsx'
import { ReportView } from '../../components/report-view.tsx'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import { type AllSitesQuery, AllSitesDocument } from '../../generated/graphql.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { useSession } from '../../session/session.tsx'
import { AddSite } from './add-site.tsx'
import { OpenCases } from '../moderation/open-cases.tsx'
import { formatTimeRange, parseTimeRange, rangeVariables, type TimeRange } from '../../report/time-range.ts'
import { everyPage } from '../../report/every-page.ts'
import { usePolledGraph, useSendToGraph } from '../../session/use-graph.ts'
import { allSitesMessages } from '../../messages/all-sites-messages.ts'

const texts = allSitesMessages.allSites

type Site = AllSitesQuery['sites']['edges'][number]['node']

/** A site with its figures. */
interface SiteRow {
  readonly site: Site
  /** null: they could not be loaded. */
  readonly measured: FigureRow | null
}

/** Interval between two loads, ms. */
const reportEvery = 60_000

/** Every site of the reader with its figures. */
export function AllSites() {
  const { query, go } = usePlace()
  const isAdministrator = useSession().account?.principal?.kind === 'administrator'
  const [pages, setPages] = useState<readonly (string | null)[]>([null])
  const range = parseTimeRange(query)
  const after = pages.at(-1) ?? null
  const report = usePolledGraph(
    async (send, signal) => {
      // The server knows each site's days. Hours are the same everywhere.
      const now = Date.now()
      const variables = { after, ...rangeVariables(range, now, 'UTC') }
      const data = await send(AllSitesDocument, variables, signal)
      return { data, range, interval: variables.interval, now }
    },
    [range, after],
    reportEvery,
  )
  const send = useSendToGraph()
  const loadAll = () => {
    const moments = rangeVariables(range, Date.now(), 'UTC')
    return everyPage(async (cursor) => {
      const { sites } = await send(AllSitesDocument, { after: cursor, ...moments })
      const { hasNextPage, endCursor } = sites.pageInfo
      return { rows: sites.edges.map(({ node }) => rowOf(node)), next: hasNextPage ? endCursor : null }
    })
  }
  const isEmpty = after === null && report.data?.data.sites.edges.length === 0
  return (
    <Page
      title={isEmpty ? texts.connectYourFirstSite : texts.allSites}
      controls={
        !isEmpty && <RangePicker range={range} onPick={(picked) => go(`/?${formatTimeRange(picked)}`)} />
      }
    >
      <OpenCases />
      {isEmpty ? (
        <>
          {report.error !== null && <Failure error={report.error} onRetry={report.reload} />}
          <NoSites addSite={isAdministrator && <AddSite />} />
        </>
      ) : (
        <ReportView report={report} timeZone={null} announce={({ sites }) => texts.count(sites.edges.length)}>
          {({ data: { sites }, range: shown }) => (
            <>
              <ReportTable
                caption={texts.sites}
                columns={columnsFor(shown)}
                rows={sites.edges.map(({ node }) => rowOf(node))}
                rowKey={({ site }) => site.siteId}
                loadAll={loadAll}
              />
              <div class="paging">
                {pages.length > 1 && (
                  <button type="button" onClick={() => setPages(pages.slice(0, -1))}>
                    {texts.newerSites}
                  </button>
                )}
                {sites.pageInfo.hasNextPage && (
                  <button type="button" onClick={() => setPages([...pages, sites.pageInfo.endCursor])}>
                    {texts.olderSites}
                  </button>
                )}
              </div>
              {isAdministrator && (
                <details class="panel more-sites">
                  <summary>{allSitesMessages.addSite.title}</summary>
                  <AddSite />
                </details>
              )}
            </>
          )}
        </ReportView>
      )}
    </Page>
  )
}

function columnsFor(range: TimeRange): readonly Column<SiteRow>[] {
  return [
    {
      header: texts.site,
      sortBy: ({ site }) => site.name,
      cell: ({ site }) => (
        <>
          <a href={`${hrefOf(sitePath(site.siteId))}?${formatTimeRange(range)}`}>{site.name}</a>
          <span class="cell-note">{noteOf(site)}</span>
        </>
      ),
    },
    ...figureColumnsOf(({ measured }: SiteRow) => measured),
  ]
}

function rowOf(site: Site): SiteRow {
  const { totals } = site.report.sections
  return { site, measured: totals && { key: site.siteId, metrics: totals } }
}

/** Returns what a site's name does not say: its host, and whether it is disconnected. */
function noteOf({ name, url, disconnectedAt }: Site): string {
  const { host } = new URL(url)
  const notes = [
    ...(name.startsWith(host) ? [] : [host]),
    ...(disconnectedAt === null ? [] : [texts.disconnected]),
  ]
  return notes.join(', ')
}
