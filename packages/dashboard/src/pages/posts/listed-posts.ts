import type { FigureRow } from '../../components/figures/figure-columns.tsx'
import type { ListedPostFragment, PostsQuery } from '../../generated/graphql.ts'

/** A row of the list of posts. */
export interface PostRow {
  /** null: the pages that belong to no post. */
  readonly key: string | null
  /** null: it is not published here. */
  readonly post: ListedPostFragment | null
  /** null: it had no view in the range. */
  readonly measured: FigureRow | null
  /** The value of the metric that the list is ordered by; null: not measured, or another order. */
  readonly value: number | null
}

/** A page of the list. */
export interface ListedPosts {
  readonly rows: readonly PostRow[]
  readonly hasNext: boolean
  readonly hasPrevious: boolean
  readonly start: string | null
  readonly end: string | null
  /** Number of posts with views; null in another order than that of a metric. */
  readonly totalCount: number | null
}

/** Returns the posts of an answer in either kind of order; null if they could not be loaded. */
export function listedPosts(site: PostsQuery['site']): ListedPosts | null {
  if (site === null) return null
  return site.posts === undefined ? orderedByMetric(site.report.rows ?? null) : ordered(site)
}

type Site = NonNullable<PostsQuery['site']>

function orderedByMetric(rows: Site['report']['rows'] | null): ListedPosts | null {
  if (rows == null) return null
  return {
    rows: rows.edges.map(({ value, node: { values, node, metrics } }): PostRow => {
      const key = values[0]?.key ?? null
      return { key, post: node, measured: { key, metrics }, value }
    }),
    hasNext: rows.pageInfo.hasNextPage,
    hasPrevious: false,
    start: null,
    end: rows.pageInfo.endCursor,
    totalCount: rows.totalCount,
  }
}

function ordered({ posts, report }: Site): ListedPosts | null {
  if (posts === undefined) return null
  const measured = new Map(report.sections.posts?.map((row) => [row.key, row]))
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = posts.pageInfo
  return {
    rows: posts.edges.map(({ node }): PostRow => {
      const row = measured.get(node.postId) ?? null
      return { key: node.postId, post: node, measured: row, value: null }
    }),
    hasNext: hasNextPage,
    hasPrevious: hasPreviousPage,
    start: startCursor,
    end: endCursor,
    totalCount: null,
  }
}
