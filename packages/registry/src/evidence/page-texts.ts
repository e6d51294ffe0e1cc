import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** The text of a post's public page. */
export interface PageTextContent {
  /** The page's `<title>`; null if it has none. */
  readonly title: string | null
  /** The page's meta description; null if it has none. */
  readonly description: string | null
  /** The headline of the post; null if it has none. */
  readonly headline: string | null
  /** BCP 47; null if it is not known. */
  readonly language: string | null
  /** The parts of the text: each with the heading above it, null before the first. */
  readonly sections: readonly { readonly heading: string | null; readonly text: string }[]
}

/** The last fetch of a post's page. */
export interface PageText {
  readonly site: SiteId
  readonly post: PostId
  /** The version of the post that was fetched. */
  readonly version: number
  readonly url: string
  readonly fetchedAt: Date
  /** Why the last fetch failed, for people; null if it did not. */
  readonly failure: string | null
  /** Of the last fetch that succeeded; null if none has. */
  readonly content: PageTextContent | null
}

/** The texts of posts as the public sees them. */
export interface PageTexts {
  /** Records a fetch. If it failed, the content of the last one that succeeded stays. */
  record(text: Omit<PageText, 'fetchedAt'>): Promise<void>
  /** Returns the last fetches of a site's posts. */
  list(site: SiteId): Promise<PageText[]>
  get(site: SiteId, post: PostId): Promise<PageText | null>
  /** Removes the texts of posts that are not among these. */
  retain(site: SiteId, posts: readonly PostId[]): Promise<void>
}

export function createPageTexts(database: Database, now: () => number): PageTexts {
  return {
    record: async ({ site, post, version, url, failure, content }) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return
      await database.query(
        `insert into peerpress.page_text as known (site, post, version, url, fetched_at, failure, content)
         select id, $2, $3, $4, $5, $6, $7::text::jsonb from peerpress.site where id = $1
         on conflict (site, post) do update set version = excluded.version, url = excluded.url,
           fetched_at = excluded.fetched_at, failure = excluded.failure,
           content = coalesce(excluded.content, known.content)`,
        [site, post, version, url, new Date(now()), failure, content && JSON.stringify(content)],
      )
    },
    list: async (site) => {
      if (!isSiteId(site)) return []
      return (await database.query<PageTextRow>(`${select} where site = $1 order by post`, [site])).map(
        textOf,
      )
    },
    get: async (site, post) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return null
      const [row] = await database.query<PageTextRow>(`${select} where site = $1 and post = $2`, [site, post])
      return row === undefined ? null : textOf(row)
    },
    retain: async (site, posts) => {
      if (!isSiteId(site)) return
      await database.query('delete from peerpress.page_text where site = $1 and not post = any($2)', [
        site,
        posts,
      ])
    },
  }
}

const select = 'select site, post, version, url, fetched_at, failure, content from peerpress.page_text'

interface PageTextRow extends Omit<PageText, 'fetchedAt'> {
  readonly fetched_at: Date
}

function textOf({ fetched_at, ...rest }: PageTextRow): PageText {
  return { ...rest, fetchedAt: fetched_at }
}
