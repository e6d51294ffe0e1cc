import type { PostId, SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'

/** A restored post that was not read from its site since, so the backup may be out of date about it. */
export interface UnreadPost {
  readonly site: SiteId
  readonly post: PostId
  readonly url: string
  /** Whether an unfinished job has the key `site/post`. */
  readonly isAwaited: boolean
}

/** The state of posts after a restore. */
export interface RestoredPosts {
  /** Returns the number that every new version of a post is above; 0 if nothing was ever restored. */
  versionFloor(): Promise<number>
  /** Raises the floor of new versions by a number. */
  raiseFloor(by: number): Promise<void>
  /** Returns all posts, revoked ones included. */
  all(): Promise<{ readonly site: SiteId; readonly post: PostId }[]>
  /** Records a higher version of a post with the same content. The post is unread from then on unless it was revoked. */
  raise(post: {
    readonly site: SiteId
    readonly post: PostId
    readonly version: number
    readonly envelope: string
  }): Promise<void>
  /** Returns the unread posts. `queue` names the queue of the jobs that read posts. */
  unread(queue: string): Promise<UnreadPost[]>
  isUnread(site: SiteId, post: PostId): Promise<boolean>
  /** Records that the site confirmed the backup's state of a post. Recording a publication has the same effect. */
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
