import { ReportView } from '../../components/report-view.tsx'
import { type FigureRow, figureColumnsOf } from '../../components/figures/figure-columns.tsx'
import { hrefOfPost, nameOfPost } from '../../components/tables/post-table.tsx'
import { type Column, ReportTable } from '../../components/tables/report-table.tsx'
import { type PostsQuery, PostsDocument } from '../../generated/graphql.ts'
import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf, usePlace } from '../../navigation/use-place.ts'
import { localTime } from '../../report/local-time.ts'
import { format, formatTime } from '../../report/page-format.ts'
import type { TimeRange } from '../../report/time-range.ts'
import { useReport } from '../../report/use-report.ts'
import type { SitePageProps } from '../site-page.ts'
import { formatListPlace, type ListPlace, listVariables, parseListPlace } from './list-place.ts'
import { PostSearch } from './post-search.tsx'

type Post = NonNullable<PostsQuery['site']>['posts']['edges'][number]['node']

/** A post with its figures. */
interface PostRow {
  readonly post: Post
  /** null: it had no view in the range. */
  readonly measured: FigureRow | null
}

/** A page of the list of posts: whether they are published, and their figures. */
export function PostList({ site, range }: SitePageProps) {
  const { query, go } = usePlace()
  const place = parseListPlace(query)
  const path = sitePath(site.siteId, 'posts')
  const show = (picked: ListPlace) => go(`${path}?${formatListPlace(range, picked)}`)
  const report = useReport(PostsDocument, { site, range }, listVariables(place))
  const { posts: texts } = messages
  return (
    <>
      <PostSearch place={place} onPick={show} />
      <ReportView
        report={report}
        timeZone={site.timeZone}
        announce={(data) => texts.count(format.count(data.site?.posts.edges.length ?? 0))}
      >
        {({ data, range: shown }) => {
          if (data.site === null) return null
          const rows = rowsOf(data.site)
          if (rows.length === 0) return <NoPosts place={place} />
          return (
            <ReportTable
              caption={texts.caption}
              columns={columnsFor(site.siteId, shown, site.timeZone)}
              rows={rows}
              rowKey={({ post }) => post.postId}
              isSorted
            >
              <Paging
                pageInfo={data.site.posts.pageInfo}
                place={place}
                hrefOfPlace={(target) => `${hrefOf(path)}?${formatListPlace(range, target)}`}
              />
            </ReportTable>
          )
        }}
      </ReportView>
    </>
  )
}

interface PagingProps {
  readonly pageInfo: NonNullable<PostsQuery['site']>['posts']['pageInfo']
  readonly place: ListPlace
  readonly hrefOfPlace: (place: ListPlace) => string
}

/** Links to the pages before and after. */
function Paging({ pageInfo, place, hrefOfPlace }: PagingProps) {
  const { posts: texts } = messages
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo
  if (!hasNextPage && !hasPreviousPage) return null
  return (
    <p class="paging table-note">
      {hasPreviousPage && (
        <a href={hrefOfPlace({ ...place, after: null, before: startCursor })}>{texts.previous}</a>
      )}
      {hasNextPage && <a href={hrefOfPlace({ ...place, after: endCursor, before: null })}>{texts.next}</a>}
    </p>
  )
}

function NoPosts({ place }: { readonly place: ListPlace }) {
  const { posts: texts } = messages
  if (place.search !== '') return <p class="panel">{texts.notFound(place.search)}</p>
  return (
    <section class="panel narrow">
      <h2>{texts.none}</h2>
      <p>{texts.noneHow}</p>
    </section>
  )
}

function rowsOf({ posts, report }: NonNullable<PostsQuery['site']>): PostRow[] {
  const measured = new Map(report.sections.posts?.map((row) => [row.key, row]))
  return posts.edges.map(({ node }) => ({ post: node, measured: measured.get(node.postId) ?? null }))
}

function columnsFor(siteId: string, range: TimeRange, timeZone: string): readonly Column<PostRow>[] {
  const { posts: texts } = messages
  const day = (text: string) =>
    formatTime(Date.parse(text), { day: 'numeric', month: 'short', year: 'numeric', timeZone })
  const nameOf = ({ post }: PostRow) => nameOfPost(post.postId, post)
  return [
    {
      header: texts.post,
      sortBy: nameOf,
      cell: (row) => <a href={hrefOfPost(siteId, row.post.postId, range)}>{nameOf(row)}</a>,
    },
    ...figureColumnsOf(({ measured }: PostRow) => measured),
    {
      header: texts.published,
      sortBy: ({ post }) => Date.parse(post.publishedAt),
      csv: [
        {
          header: messages.charts.start(timeZone),
          value: ({ post }) => localTime(Date.parse(post.publishedAt), timeZone),
        },
      ],
      cell: ({ post }) => (
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
