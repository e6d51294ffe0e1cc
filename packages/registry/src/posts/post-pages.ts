import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'
import type { PostSummary } from './post-summary.ts'

/** A post in the list of its site. */
export interface ListedSitePost extends PostSummary {
  /** The headline of its public page, else its title; null if the page was not read yet or has neither. */
  readonly title: string | null
  /** The text that it is ordered by under `title`: the title, else the URL, in lower case. */
  readonly sortText: string
}

/** Where a page of a list begins or ends: the values of the order of an entry that the page does not contain. */
export interface PostPosition {
  readonly publishedAt: Date
  readonly sortText: string
  readonly post: PostId
}

/** A page of the posts of a site. */
export interface PostPageQuery {
  /** `published`: latest publication first. `title`: by title, else URL, from A. */
  readonly order: 'published' | 'title'
  /** The posts whose title or URL contains this text, in any case. @default every post */
  readonly search?: string
  /** The entries after this one. */
  readonly after?: PostPosition | null
  /** The entries before this one. */
  readonly before?: PostPosition | null
  /** Take the last entries of those that match instead of the first. */
  readonly fromEnd: boolean
  readonly limit: number
}

export interface PostPages {
  /** Returns a page of a site's posts, in the order of the query, without reading the others. */
  page(site: SiteId, query: PostPageQuery): Promise<ListedSitePost[]>
  /** Returns the titles of posts, as in {@link ListedSitePost}. Posts without a title are missing. */
  titles(site: SiteId, posts: readonly PostId[]): Promise<Map<PostId, string>>
}

const title = `coalesce(nullif(t.content->>'headline', ''), nullif(t.content->>'title', ''))`

const from = `from peerpress.post p
  left join peerpress.page_text t on t.site = p.site and t.post = p.post`

const sortText = `lower(coalesce(${title}, p.url))`

export function createPostPages(database: Database): PostPages {
  return {
    page: async (site, query) => {
      if (!isSiteId(site) || (query.search ?? '').includes('\0')) return []
      const { text, params } = statementFor(site, query)
      const rows = await database.query<ListedRow>(text, params)
      const posts = rows.map(({ published_at: publishedAt, sort_text, ...row }) => ({
        ...row,
        publishedAt,
        sortText: sort_text,
      }))
      return query.fromEnd ? posts.toReversed() : posts
    },
    titles: async (site, posts) => {
      const known = posts.filter((post) => postIdPattern.test(post))
      if (!isSiteId(site) || known.length === 0) return new Map()
      const rows = await database.query<{ post: PostId; title: string }>(
        `select t.post, ${title} as title from peerpress.page_text t
         where t.site = $1 and t.post = any($2) and ${title} is not null`,
        [site, known],
      )
      return new Map(rows.map((row) => [row.post, row.title]))
    },
  }
}

interface ListedRow extends Omit<ListedSitePost, 'publishedAt' | 'sortText'> {
  readonly published_at: Date
  readonly sort_text: string
}

/** Conditions on the values of the order, so that an index finds the first entry of a page. */
function statementFor(
  site: SiteId,
  { order, search = '', after, before, fromEnd, limit }: PostPageQuery,
): { readonly text: string; readonly params: readonly unknown[] } {
  const params: unknown[] = [site]
  const param = (value: unknown) => `$${params.push(value)}`
  const isPublished = order === 'published'
  // Bytes decide among titles: the order is the same in each engine and locale.
  const key = isPublished ? 'p.published_at' : `(${sortText}) collate "C"`
  const valueOf = (position: PostPosition) =>
    isPublished ? `${param(position.publishedAt)}::timestamptz` : `${param(position.sortText)}::text`
  const beyond = (position: PostPosition, isForward: boolean) => {
    const sign = isForward === isPublished ? '<' : '>'
    return `(${key}, p.post collate "C") ${sign} (${valueOf(position)}, ${param(position.post)}::text)`
  }
  const where = ['p.site = $1']
  if (search !== '') {
    where.push(`position(lower(${param(search)}::text) in lower(coalesce(${title}, '') || ' ' || p.url)) > 0`)
  }
  if (after) where.push(beyond(after, true))
  if (before) where.push(beyond(before, false))
  const direction = isPublished === fromEnd ? 'asc' : 'desc'
  return {
    text: `select p.site, p.post, p.url, p.version, p.revoked, p.published_at, ${title} as title, ${sortText} as sort_text
      ${from} where ${where.join(' and ')}
      order by ${key} ${direction}, p.post collate "C" ${direction} limit ${param(limit)}`,
    params,
  }
}
