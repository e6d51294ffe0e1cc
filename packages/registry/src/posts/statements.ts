import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/**
 * A statement of a site's CMS about a post. `published`: the post is public. `withdrawn`: it is not public, whatever its page
 * answers. `suspended`: an old release of the plugin stated that it is not public. A copy of the site may have sent this, so
 * the page decides.
 */
export type PostState = 'published' | 'suspended' | 'withdrawn'

/** The latest signed statement of a site's CMS about a post. */
export interface PostStatement {
  readonly says: PostState
  /** When the CMS made the statement, by its own clock, but at most the time of its arrival. */
  readonly saidAt: Date
}

export interface Statements {
  /** Returns the latest statement; null if the CMS never stated anything about the post. */
  get(site: SiteId, post: PostId): Promise<PostStatement | null>
}

export function createStatements(sql: Sql): Statements {
  return {
    get: (site, post) =>
      isSiteId(site) && postIdPattern.test(post) ? readStatement(sql, { site, post }) : Promise.resolve(null),
  }
}

/** The post that a statement is about. */
interface StatementKey {
  readonly site: SiteId
  readonly post: PostId
}

/**
 * Records a statement unless a later one is recorded. A suspension does not weaken a withdrawal: only a publication
 * ends that.
 */
export async function recordStatement(
  sql: Sql,
  { site, post }: StatementKey,
  { says, saidAt }: PostStatement,
): Promise<void> {
  await sql.query(
    `insert into peerpress.post_statement (site, post, says, said_at) values ($1, $2, $3, $4)
     on conflict (site, post) do update set said_at = excluded.said_at, says = case
       when post_statement.says = 'withdrawn' and excluded.says = 'suspended' then 'withdrawn' else excluded.says end
     where post_statement.said_at <= excluded.said_at`,
    [site, post, says, saidAt],
  )
}

/** @param lock appended to the query, to lock the row until the transaction ends */
export async function readStatement(
  sql: Sql,
  { site, post }: StatementKey,
  lock: '' | 'for update' = '',
): Promise<PostStatement | null> {
  const query = `select says, said_at from peerpress.post_statement where site = $1 and post = $2 ${lock}`
  const [row] = await sql.query<{ says: PostState; said_at: Date }>(query, [site, post])
  return row === undefined ? null : { says: row.says, saidAt: row.said_at }
}
