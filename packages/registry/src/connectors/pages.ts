import type { PostId } from '@peerpress/wire'
import type { Sql } from '../engines/database.ts'

/** A page that a source named. */
export interface KnownPage {
  readonly post: PostId
  readonly url: string
  /** What the source stated about its version; null if it stated nothing. */
  readonly hint: string | null
  /** When the page was last requested. */
  readonly requestedAt: Date
}

/** A page of one poll. */
export interface NamedPageInput extends Omit<KnownPage, 'requestedAt'> {
  /** Whether the page is requested now. */
  readonly isRequested: boolean
}

/** The result of a successful poll. */
export interface PollResult {
  readonly cursor: Readonly<Record<string, string>>
  /** Number of named pages; null if the source stated that nothing changed. */
  readonly named: number | null
  readonly requested: number
  readonly problems: readonly string[]
  readonly dueAt: Date
  /** Whether all pages were handled. If not, the poll's number stays, and the next poll continues. */
  readonly isComplete: boolean
}

/** The pages that connectors' sources named. */
export interface Pages {
  /** Returns those of these posts that the connector named before. */
  known(connector: string, posts: readonly PostId[]): Promise<Map<PostId, KnownPage>>
  /** Records pages that the poll with this number named. */
  record(connector: string, poll: number, pages: readonly NamedPageInput[]): Promise<void>
  /** Returns pages that the poll before this one named, and this one did not. */
  vanished(connector: string, poll: number, limit: number): Promise<KnownPage[]>
  /** Returns pages that were last requested before a moment, the oldest first. */
  stale(connector: string, before: Date, limit: number): Promise<KnownPage[]>
  /** Records that pages were requested although the source reported no change. */
  request(connector: string, posts: readonly PostId[]): Promise<void>
  /** Forgets pages that are no longer named and not published, and were last requested before a moment. */
  forget(connector: string, poll: number, before: Date): Promise<void>
  /** Returns the pages that were requested last, the latest first. */
  recent(connector: string, limit: number): Promise<KnownPage[]>
}

export function createPages(sql: Sql, now: () => number): Pages {
  return {
    known: async (connector, posts) => {
      const rows = await sql.query<PageRow>(
        `select ${columns} from peerpress.connector_page where connector = $1 and post = any($2)`,
        [connector, posts],
      )
      return new Map(rows.map((row) => [row.post, pageOf(row)]))
    },
    record: async (connector, poll, pages) => {
      // A removed connector has no pages.
      await sql.query(
        `insert into peerpress.connector_page as known (connector, post, url, hint, named_in, requested_at)
         select $1, page.post, page.url, page.hint, $2, $3
         from jsonb_to_recordset($4::text::jsonb)
           as page(post text, url text, hint text, "isRequested" boolean)
         where exists (select 1 from peerpress.connector where id = $1)
         on conflict (connector, post) do update set url = excluded.url, hint = excluded.hint,
           named_in = excluded.named_in, requested_at = case
             when known.post = any($5) then excluded.requested_at else known.requested_at end`,
        [
          connector,
          poll,
          new Date(now()),
          JSON.stringify(pages),
          pages.filter(({ isRequested }) => isRequested).map(({ post }) => post),
        ],
      )
    },
    vanished: (connector, poll, limit) =>
      pagesOf(sql, 'named_in = $2 order by post limit $3', [connector, poll - 1, limit]),
    stale: (connector, before, limit) =>
      pagesOf(sql, 'requested_at < $2 order by requested_at, post limit $3', [connector, before, limit]),
    request: async (connector, posts) => {
      await sql.query(
        'update peerpress.connector_page set requested_at = $3 where connector = $1 and post = any($2)',
        [connector, posts, new Date(now())],
      )
    },
    forget: async (connector, poll, before) => {
      await sql.query(
        `delete from peerpress.connector_page page using peerpress.connector owner
         where owner.id = $1 and page.connector = $1 and page.named_in < $2 and page.requested_at < $3
           and not exists (select 1 from peerpress.post
             where post.site = owner.site and post.post = page.post and not post.revoked)`,
        [connector, poll, before],
      )
    },
    recent: (connector, limit) =>
      pagesOf(sql, 'true order by requested_at desc, post limit $2', [connector, limit]),
  }
}

const columns = 'post, url, hint, requested_at'

interface PageRow {
  readonly post: PostId
  readonly url: string
  readonly hint: string | null
  readonly requested_at: Date
}

function pageOf({ requested_at: requestedAt, ...page }: PageRow): KnownPage {
  return { ...page, requestedAt }
}

async function pagesOf(sql: Sql, rest: string, params: readonly unknown[]): Promise<KnownPage[]> {
  const rows = await sql.query<PageRow>(
    `select ${columns} from peerpress.connector_page where connector = $1 and ${rest}`,
    params,
  )
  return rows.map(pageOf)
}
