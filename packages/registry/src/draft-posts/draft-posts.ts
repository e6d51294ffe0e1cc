import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { JobQueue } from '../jobs/jobs.ts'
import { isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/** What became of a draft in the CMS. */
export interface DraftPost {
  readonly draft: string
  readonly site: SiteId
  /** The CMS's id of the post; null if it has none. */
  readonly post: PostId | null
  /** What happened, for people. */
  readonly detail: string
  readonly updatedAt: Date
}

/** The way of drafts into the CMS. */
export interface DraftPosts {
  /**
   * Records that a person approves a draft that passed, and enqueues its way into the CMS, in one transaction. Returns false if
   * the draft has another state: of two people who approve it at once, one does.
   */
  approve(draft: string, by: string): Promise<boolean>
  /** Enqueues a draft again that met a conflict or failed after it was approved. Returns false if it has another state. */
  retry(draft: string): Promise<boolean>
  record(of: Omit<DraftPost, 'updatedAt'>): Promise<void>
  get(draft: string): Promise<DraftPost | null>
  /** Returns the draft that a post of the CMS comes from, or null. */
  draftOf(site: SiteId, post: PostId): Promise<string | null>
}

/** The queue of approved drafts. */
export const draftPostQueue = 'draft-posts'

export function createDraftPosts(database: Database, jobs: JobQueue, now: () => number): DraftPosts {
  const enqueueAfter = async (
    statement: string,
    params: readonly [string, ...unknown[]],
  ): Promise<boolean> => {
    const [draft] = params
    if (!isRecordId(draft)) return false
    await jobs.prepare(draftPostQueue)
    return database.transaction(async (sql) => {
      const [row] = await sql.query<{ site: SiteId }>(statement, params)
      if (row === undefined) return false
      await jobs.enqueueWithin(sql, { name: draftPostQueue, key: draft, group: row.site, data: { draft } })
      return true
    })
  }
  return {
    approve: (draft, by) =>
      enqueueAfter(
        `update peerpress.draft set status = 'approved', approved_by = $2, approved_at = $3, updated_at = $3, error = null
         where id = $1 and status = 'passed' returning site`,
        [draft, by, new Date(now())],
      ),
    retry: (draft) =>
      enqueueAfter(
        `update peerpress.draft set status = 'approved', updated_at = $2, error = null
         where id = $1 and status in ('conflict', 'failed') and approved_by is not null returning site`,
        [draft, new Date(now())],
      ),
    record: async ({ draft, site, post, detail }) => {
      if (!isRecordId(draft) || !isSiteId(site) || (post !== null && !postIdPattern.test(post))) return
      await database.query(
        `insert into peerpress.draft_post as known (draft, site, post, detail, updated_at)
         select id, site, $3, $4, $5 from peerpress.draft where id = $1 and site = $2
         on conflict (draft) do update set post = coalesce(excluded.post, known.post), detail = excluded.detail,
           updated_at = excluded.updated_at`,
        [draft, site, post, detail.replaceAll('\0', '').toWellFormed().slice(0, 1000), new Date(now())],
      )
    },
    get: async (draft) => {
      if (!isRecordId(draft)) return null
      const [row] = await database.query<Omit<DraftPost, 'updatedAt'> & { readonly updated_at: Date }>(
        'select draft, site, post, detail, updated_at from peerpress.draft_post where draft = $1',
        [draft],
      )
      if (row === undefined) return null
      const { updated_at, ...rest } = row
      return { ...rest, updatedAt: updated_at }
    },
    draftOf: async (site, post) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return null
      const query = 'select draft from peerpress.draft_post where site = $1 and post = $2'
      return (await database.query<{ draft: string }>(query, [site, post]))[0]?.draft ?? null
    },
  }
}
