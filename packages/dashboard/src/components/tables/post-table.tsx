import { messages } from '../../messages/messages.ts'
import { sitePath } from '../../navigation/place.ts'
import { hrefOf } from '../../navigation/use-place.ts'
import { postPath } from '../../report/post-path.ts'
import { formatTimeRange, type TimeRange } from '../../report/time-range.ts'
import type { RowsOf } from '../../report/use-all-rows.ts'
import type { ComponentChildren } from 'preact'
import type { FigureRow } from '../figures/figure-columns.tsx'
import { BreakdownTable } from './breakdown-table.tsx'

interface PostTableProps {
  readonly caption?: string
  readonly siteId: string
  readonly range: TimeRange
  readonly rows: readonly FigureRow[]
  /** The known posts. */
  readonly posts: readonly NamedPost[]
  /** Where a CSV file gets the rows that are not shown. */
  readonly of: RowsOf
  readonly children?: ComponentChildren
}

/** A post with what names it for people. */
export interface NamedPost {
  readonly postId: string
  readonly url: string
  readonly title: string | null
}

/** The figures by post, for the posts with most views. A post's name leads to its page. */
export function PostTable({
  caption = messages.tables.byPost,
  siteId,
  range,
  rows,
  posts,
  of,
  children,
}: PostTableProps) {
  const known = new Map(posts.map((post) => [post.postId, post]))
  return (
    <BreakdownTable
      caption={caption}
      header={messages.tables.post}
      rows={rows}
      nameOf={(key, url) =>
        nameOfPost(key, known.get(key) ?? (url === undefined ? url : { url, title: null }))
      }
      of={of}
      unknown={messages.tables.otherPages}
      cell={(key, name) => (known.has(key) ? <a href={hrefOfPost(siteId, key, range)}>{name}</a> : name)}
    >
      {children}
    </BreakdownTable>
  )
}

/** Returns the name of a post: its title, else the path of its address. */
export function nameOfPost(postId: string, post: Omit<NamedPost, 'postId'> | undefined): string {
  return post?.title ?? postPath(postId, post?.url)
}

/** Returns the address of the page about a post. */
export function hrefOfPost(siteId: string, postId: string, range: TimeRange): string {
  return `${hrefOf(sitePath(siteId, 'posts'))}?${formatTimeRange(range)}&${new URLSearchParams({ post: postId })}`
}
