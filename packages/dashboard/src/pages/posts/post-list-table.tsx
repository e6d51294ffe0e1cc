import type { ComponentChildren } from 'preact'
import { figureColumnsOf } from '../../components/figures/figure-columns.tsx'
import { NotMeasured } from '../../components/figures/not-measured.tsx'
import { hrefOfPost, nameOfPost } from '../../components/tables/post-table.tsx'
import { type Column, type PagedOrder, ReportTable } from '../../components/tables/report-table.tsx'
import type { MetricName } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { localTime } from '../../report/local-time.ts'
import { formatMetric, metricsByName } from '../../report/metric-names.ts'
import { formatTime } from '../../report/page-format.ts'
import type { TimeRange } from '../../report/time-range.ts'
import type { SiteSummary } from '../site-page.ts'
import { isMetric, type ListOrder, type ListPlace } from './list-place.ts'
import type { PostRow } from './listed-posts.ts'

interface PostListTableProps {
  readonly site: SiteSummary
  readonly range: TimeRange
  readonly place: ListPlace
  readonly rows: readonly PostRow[]
  readonly onPick: (place: ListPlace) => void
  /** Loads the rows of a CSV file. */
  readonly loadAll: () => Promise<readonly PostRow[]>
  /** Shown below the table. */
  readonly children: ComponentChildren
}

/** The orders of the columns of figures; null: none. */
const figureOrders: readonly (MetricName | null)[] = [
  'VIEWS',
  'SPEED_LCP',
  'DELIVERY_PEER_HIT_RATIO',
  null,
  'RELIABILITY_ASSET_SUCCESS_RATIO',
  'ENGAGEMENT_ENGAGED_MS',
]

/** A page of posts. A header orders all posts, not only those of the page. */
export function PostListTable({ site, range, place, rows, onPick, loadAll, children }: PostListTableProps) {
  const extra = isMetric(place.order) && !figureOrders.includes(place.order) ? place.order : null
  const orders = ['TITLE' as const, ...(extra === null ? [] : [extra]), ...figureOrders, 'PUBLISHED' as const]
  return (
    <ReportTable
      caption={messages.posts.caption}
      columns={columnsFor(site, range, extra)}
      rows={rows}
      rowKey={({ key }) => key ?? ''}
      paged={pagedOrder(orders, place, onPick)}
      loadAll={loadAll}
    >
      {children}
    </ReportTable>
  )
}

function pagedOrder(
  orders: readonly (ListOrder | null)[],
  place: ListPlace,
  onPick: (place: ListPlace) => void,
): PagedOrder {
  const column = orders.indexOf(place.order)
  const isAscending = isMetric(place.order) ? place.direction === 'ASC' : place.order === 'TITLE'
  return {
    shown: column === -1 ? null : { column, direction: isAscending ? 'ascending' : 'descending' },
    directionsOf: (at) => {
      const order = orders[at] ?? null
      if (order === null) return []
      if (isMetric(order)) return ['descending', 'ascending']
      return order === 'TITLE' ? ['ascending'] : ['descending']
    },
    onPick: ({ column: at, direction }) => {
      const order = orders[at] ?? 'PUBLISHED'
      const picked = direction === 'ascending' && isMetric(order) ? 'ASC' : 'DESC'
      onPick({ ...place, order, direction: picked, after: null, before: null, at: null })
    },
  }
}

function columnsFor(
  { siteId, timeZone }: SiteSummary,
  range: TimeRange,
  extra: MetricName | null,
): readonly Column<PostRow>[] {
  const { posts: texts, tables } = messages
  const day = (text: string) =>
    formatTime(Date.parse(text), { day: 'numeric', month: 'short', year: 'numeric', timeZone })
  const nameOf = ({ key, post }: PostRow) =>
    key === null ? tables.otherPages : nameOfPost(key, post ?? undefined)
  return [
    {
      header: texts.post,
      sortBy: nameOf,
      cell: (row) =>
        row.post === null ? (
          nameOf(row)
        ) : (
          <a href={hrefOfPost(siteId, row.post.postId, range)}>{nameOf(row)}</a>
        ),
    },
    ...(extra === null ? [] : [metricColumn(extra)]),
    ...figureColumnsOf(({ measured }: PostRow) => measured),
    {
      header: texts.published,
      sortBy: ({ post }) => post && Date.parse(post.publishedAt),
      csv: [
        {
          header: messages.charts.start(timeZone),
          value: ({ post }) => post && localTime(Date.parse(post.publishedAt), timeZone),
        },
      ],
      cell: ({ post }) =>
        post && (
          <>
            {post.revoked ? texts.revoked : day(post.publishedAt)}
            <span class="cell-note">
              {texts.version(post.version)}
              {post.revoked && `, ${day(post.publishedAt)}`}
            </span>
          </>
        ),
    },
  ]
}

/** The column of a metric that no other column has. */
function metricColumn(name: MetricName): Column<PostRow> {
  return {
    header: metricsByName.get(name)?.shortLabel ?? name,
    sortBy: ({ value }) => value,
    cell: ({ value }) => (value === null ? <NotMeasured /> : formatMetric(name, value)),
  }
}
