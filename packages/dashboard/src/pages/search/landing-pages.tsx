import { EstimateCell } from '../../components/figures/estimate.tsx'
import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { duration, shares } from '../../components/figures/scales.ts'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import {
  type LandingPageFragment,
  LandingPagesDocument,
  type LandingPagesQuery,
} from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { everyPage } from '../../report/every-page.ts'
import { format } from '../../report/page-format.ts'
import { postPath } from '../../report/post-path.ts'
import { rangeVariables, type TimeRange } from '../../report/time-range.ts'
import { useSendToGraph } from '../../session/use-graph.ts'
import type { SiteSummary } from '../site-page.ts'

interface LandingPagesProps {
  readonly site: SiteSummary
  readonly range: TimeRange
  readonly rows: readonly LandingPageFragment[]
}

/** From so many rows on, the table may lack some. */
const shownRows = 25

/** The pages to which search engines and assistants led readers, most visits first. */
export function LandingPages({ site, range, rows }: LandingPagesProps) {
  const send = useSendToGraph()
  const { landingPages: texts } = messages
  if (rows.length === 0) return null
  const loadAll = async (): Promise<readonly LandingPageFragment[]> => {
    if (rows.length < shownRows) return rows
    const moments = rangeVariables(range, Date.now(), site.timeZone)
    const filter = { where: [{ dimension: 'REFERRER_CLASS' as const, in: ['search', 'assistant'] }] }
    return everyPage(async (after) => {
      const answer = await send(LandingPagesDocument, { siteId: site.siteId, filter, after, ...moments })
      const page = answer.site?.report.rows
      return {
        rows: page?.nodes.map(landingPage) ?? [],
        next: page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null,
      }
    })
  }
  return (
    <ReportTable
      caption={texts.caption}
      columns={columns}
      rows={rows}
      rowKey={({ key }) => key ?? ''}
      loadAll={loadAll}
    />
  )
}

type Loaded = NonNullable<NonNullable<LandingPagesQuery['site']>['report']['rows']>['nodes'][number]

function landingPage({ values, metrics: { views, engagement }, sessions }: Loaded): LandingPageFragment {
  return {
    key: values[0]?.key ?? null,
    visits: views,
    ...engagement,
    sessions: sessions ?? { bounceRatio: null },
  }
}

const { landingPages: headers } = messages

const columns: readonly Column<LandingPageFragment>[] = [
  {
    header: headers.page,
    sortBy: ({ key }) => key,
    cell: ({ key }) => (key === null ? <i>{messages.tables.unknown}</i> : <bdi>{postPath(key, key)}</bdi>),
  },
  { header: headers.visits, sortBy: ({ visits }) => visits, cell: ({ visits }) => format.count(visits) },
  {
    header: headers.engaged,
    sortBy: ({ engagedMs }) => engagedMs?.value ?? null,
    cell: ({ engagedMs }) => <EstimateCell estimate={engagedMs} scale={duration} />,
    csv: [{ header: headers.engagedMs, value: ({ engagedMs }) => engagedMs?.value ?? null }],
  },
  {
    header: headers.scrolled,
    sortBy: ({ scrollDepth }) => scrollDepth?.value ?? null,
    cell: ({ scrollDepth }) => <EstimateCell estimate={scrollDepth} scale={shares} />,
  },
  {
    header: headers.bounces,
    sortBy: ({ sessions }) => sessions.bounceRatio,
    cell: ({ sessions: { bounceRatio } }) =>
      bounceRatio === null ? <NotMeasured /> : format.ratio(bounceRatio),
  },
]
