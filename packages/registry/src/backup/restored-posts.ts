import type { PostId, SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'

/** A post that was restored and has not been read from its site since: what a backup says of it may be over. */
export interface UnreadPost {
  readonly site: SiteId
  readonly post: PostId
  readonly url: string
  /** A job whose key is `site/post` is to be done. */
  readonly isAwaited: boolean
}

/** What a restore does to posts, and what becomes of them after. */
export interface RestoredPosts {
  /** Every version of any post that is issued is above this one: 0 where nothing was ever restored. */
  versionFloor(): Promise<number>
  /** From now on versions are above what they could be before by so many. */
  raiseFloor(by: number): Promise<void>
  /** Every post, whatever became of it. */
  all(): Promise<{ readonly site: SiteId; readonly post: PostId }[]>
  /** Gives a post a higher version, and its manifest of the same content; it is unread from now on unless it was revoked. */
  raise(post: {
    readonly site: SiteId
    readonly post: PostId
    readonly version: number
    readonly envelope: string
  }): Promise<void>
  /** The posts that are unread; `queue` names the jobs by which posts are read. */
  unread(queue: string): Promise<UnreadPost[]>
  isUnread(site: SiteId, post: PostId): Promise<boolean>
  /** The site says the same as the backup. A publication that is recorded needs no word of it. */
  read(site: SiteId, post: PostId): Promise<void>
}

export function createRestoredPosts(database: Database, now: () => number): RestoredPosts {
  return {
    versionFloor: async () => {
      const query = 'select coalesce(sum(raised_by), 0)::int as floor from peerpress.restoration'
      return (await database.query<{ floor: number }>(query))[0]?.floor ?? 0
    },
    raiseFloor: async (by) => {
      const insert = 'insert into peerpress.restoration (restored_at, raised_by) values ($1, $2)'
      await database.query(insert, [new Date(now()), by])
    },
    all: () => database.query('select site, post from peerpress.post order by site, post'),
    raise: async ({ site, post, version, envelope }) => {
      await database.query(
        `update peerpress.post set version = $3, envelope = $4, unread = not revoked
         where site = $1 and post = $2 and version < $3`,
        [site, post, version, envelope],
      )
    },
    unread: (queue) =>
      database.query<UnreadPost>(
        `select site, post, url, exists (select 1 from peerpress_jobs.job where name = $1
           and singleton_key = site || '/' || post and state in ('created', 'retry', 'active')) as "isAwaited"
         from peerpress.post where unread`,
        [queue],
      ),
    isUnread: async (site, post) => {
      const query = 'select 1 from peerpress.post where site = $1 and post = $2 and unread'
      return (await database.query(query, [site, post])).length > 0
    },
    read: async (site, post) => {
      await database.query('update peerpress.post set unread = false where site = $1 and post = $2', [
        site,
        post,
      ])
    },
  }
}
