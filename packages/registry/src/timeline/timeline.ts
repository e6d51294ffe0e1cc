import { type PostId, postIdPattern, type SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { createRecordId, isRecordId } from '../record-id.ts'
import { isSiteId } from '../sites/site-id.ts'

/** What can happen at a site that explains its figures. */
export const timelineKinds = ['note', 'policy', 'publication', 'release', 'revocation'] as const
export type TimelineKind = (typeof timelineKinds)[number]

/** Something that happened at a site. */
export interface TimelineEntry {
  readonly id: string
  readonly site: SiteId
  readonly at: Date
  readonly kind: TimelineKind
  /** The post of a publication or revocation, the mode of a policy, the version of a release; null for a note. */
  readonly subject: string | null
  /** The text of a note, the version of a publication, the consent of a policy, the part of the site that was released. */
  readonly text: string | null
  /** The account that wrote a note; null for everything else. */
  readonly author: string | null
}

/** What happened at sites, for the marks on charts. */
export interface Timeline {
  /** Returns the latest entries of `from` ≤ time < `to`, latest first, at most `limit`. */
  between(
    site: SiteId,
    range: { readonly from: Date; readonly to: Date; readonly kinds: readonly TimelineKind[] },
    limit: number,
  ): Promise<TimelineEntry[]>
  /** Returns the publications and revocations of a post, latest first, at most `limit`. */
  ofPost(site: SiteId, post: PostId, limit: number): Promise<TimelineEntry[]>
  get(id: string): Promise<TimelineEntry | null>
  /** Writes a note. Returns null if there is no such site. */
  addNote(note: {
    readonly site: SiteId
    readonly at: Date
    readonly text: string
    readonly author: string | null
  }): Promise<TimelineEntry | null>
  /** Removes a note, and nothing else. Returns whether it was there. */
  removeNote(id: string): Promise<boolean>
}

/** characters */
export const maxNoteLength = 500

export function createTimeline(database: Database): Timeline {
  const find = (rest: string, params: readonly unknown[]) =>
    database.query<TimelineEntry>(
      `select id, site, at, kind, subject, text, author from peerpress.timeline_entry ${rest}`,
      params,
    )
  return {
    between: async (site, { from, to, kinds }, limit) => {
      if (!isSiteId(site)) return []
      const where =
        'where site = $1 and at >= $2 and at < $3 and kind = any($4) order by at desc, id limit $5'
      return find(where, [site, storableTime(from), storableTime(to), kinds, limit])
    },
    ofPost: async (site, post, limit) => {
      if (!isSiteId(site) || !postIdPattern.test(post)) return []
      const where = `where site = $1 and kind in ('publication', 'revocation') and subject = $2
        order by at desc, id limit $3`
      return find(where, [site, post, limit])
    },
    get: async (id) => (isRecordId(id) ? ((await find('where id = $1', [id]))[0] ?? null) : null),
    addNote: async ({ site, at, text, author }) => {
      if (!isSiteId(site)) return null
      const id = createRecordId()
      await database.query(
        `insert into peerpress.timeline_entry (id, site, at, kind, text, author)
         select $1, id, $3, 'note', $4, $5 from peerpress.site where id = $2`,
        [id, site, at, storable(text), author],
      )
      return (await find('where id = $1', [id]))[0] ?? null
    },
    removeNote: async (id) => {
      if (!isRecordId(id)) return false
      const query = `delete from peerpress.timeline_entry where id = $1 and kind = 'note' returning id`
      return (await database.query(query, [id])).length > 0
    },
  }
}

/** Records an entry within the transaction of its change, if there is such a site. */
export async function recordEntry(sql: Sql, entry: Omit<TimelineEntry, 'id' | 'author'>): Promise<void> {
  const { site, at, kind, subject, text } = entry
  await sql.query(
    `insert into peerpress.timeline_entry (id, site, at, kind, subject, text)
     select $1, id, $3, $4, $5, $6 from peerpress.site where id = $2`,
    [createRecordId(), site, at, kind, subject, text],
  )
}

/** The database reads no year with a sign, and none before 1. Nothing happened before 1970. */
function storableTime(time: Date): Date {
  return new Date(Math.min(Math.max(0, time.getTime()), Date.UTC(9999, 0)))
}

/** Postgres stores no U+0000. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxNoteLength).toWellFormed()
}
