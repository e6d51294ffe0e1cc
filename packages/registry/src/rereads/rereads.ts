import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** The last re-read of a shared post's media. */
export interface Reread {
  readonly site: SiteId
  readonly post: PostId
  readonly readAt: Date
  /** When a re-read first contradicted the manifest, with none that agreed since; null if none did. */
  readonly contradictedAt: Date | null
  /** The address whose bytes differed; null if none did. */
  readonly url: string | null
}

/** The last re-reads of posts, and whether they contradict the manifests. */
export interface Rereads {
  get(site: SiteId, post: PostId): Promise<Reread | null>
  /**
   * Records a re-read that agreed (`url` null) or contradicted. The time of the first contradiction stays. A post that was
   * removed is left out.
   */
  record(site: SiteId, post: PostId, url: string | null): Promise<void>
  /**
   * Returns shared, public posts whose re-read is due, contradicted ones first: those whose last one was before `before`, and
   * contradicted ones from `contradictedBefore` on.
   */
  due(options: {
    readonly before: Date
    readonly contradictedBefore: Date
    readonly limit: number
  }): Promise<DuePost[]>
}

/** A shared post to re-read. */
export interface DuePost {
  /** The submission's id. */
  readonly id: string
  readonly site: SiteId
  readonly post: PostId
}

export function createRereads(database: Database, now: () => number): Rereads {
  return {
    get: async (site, post) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return null
      const [row] = await database.query<{ read_at: Date; contradicted_at: Date | null; url: string | null }>(
        'select read_at, contradicted_at, url from peerpress.reread where site = $1 and post = $2',
        [site, post],
      )
      if (row === undefined) return null
      return { site, post, readAt: row.read_at, contradictedAt: row.contradicted_at, url: row.url }
    },
    due: ({ before, contradictedBefore, limit }) =>
      database.query<DuePost>(
        `select s.id, s.site, s.post from peerpress.shared_post s
         join peerpress.post p on p.site = s.site and p.post = s.post and not p.revoked
         left join peerpress.reread r on r.site = s.site and r.post = s.post
         where r.read_at is null or r.read_at < $1 or (r.contradicted_at is not null and r.read_at <= $2)
         order by (r.contradicted_at is null), r.read_at nulls first, s.id limit $3`,
        [before, contradictedBefore, limit],
      ),
    record: async (site, post, url) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return
      await database.query(
        `insert into peerpress.reread as known (site, post, read_at, contradicted_at, url)
         select $1, $2, $3, case when $4::text is null then null else $3::timestamptz end, $4
         where exists (select 1 from peerpress.post where site = $1 and post = $2)
         on conflict (site, post) do update set read_at = excluded.read_at, url = excluded.url,
           contradicted_at = case when excluded.url is null then null
             else coalesce(known.contradicted_at, excluded.contradicted_at) end`,
        [site, post, new Date(now()), url],
      )
    },
  }
}
