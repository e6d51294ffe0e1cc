import type { PostId, SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { keysetPage, type KeysetQuery, type Placed } from '../keyset/keyset.ts'
import { isSiteId } from '../sites/site-id.ts'
import { type EvidenceItem, type EvidenceSource, isEvidenceId } from './evidence-item.ts'

/** Which of a site's items are listed. */
export interface EvidenceFilter {
  /** @default all */
  readonly sources?: readonly EvidenceSource[] | undefined
  /** Of this country, its subdivisions included. @default any */
  readonly region?: string | undefined
  /** About this post. @default any */
  readonly post?: PostId | undefined
}

/** Dated facts about sites. */
export interface EvidenceRecords {
  /**
   * Makes these the current items of the sources. Items of these sources that are not among them stay for a year, because
   * briefs and drafts may cite them. Returns false if there is no such site.
   */
  record(site: SiteId, sources: readonly EvidenceSource[], items: readonly EvidenceItem[]): Promise<boolean>
  /** Returns a site's current items, the newest first; at most 10,000. */
  list(site: SiteId, filter?: EvidenceFilter): Promise<EvidenceItem[]>
  /** Returns a page of a site's current items, the newest first. */
  page(site: SiteId, filter: EvidenceFilter, query: KeysetQuery): Promise<Placed<EvidenceItem>[]>
  /** Returns the items with these ids, in their order, also those that are not current; unknown ones are left out. */
  get(site: SiteId, ids: readonly string[]): Promise<EvidenceItem[]>
  /** Removes items that have not been current for a year. */
  prune(): Promise<void>
}

/** Maximum number of items that are listed. */
const maxListedEvidence = 10_000

const storedMs = 366 * 86_400_000

export function createEvidence(database: Database, now: () => number): EvidenceRecords {
  return {
    record: async (site, sources, items) =>
      isSiteId(site) &&
      database.transaction(async (sql) => {
        const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
        if (known === undefined) return false
        await sql.query(
          `update peerpress.evidence set is_current = false
           where site = $1 and source = any($2) and upload is null and is_current`,
          [site, sources],
        )
        await insertItems(sql, { site, items, at: new Date(now()), upload: null })
        return true
      }),
    list: async (site, filter = {}) => {
      const matching = matchingOf(site, filter)
      if (matching === null) return []
      return database.query<EvidenceItem>(
        `select ${columns} from peerpress.evidence where ${matching.where}
         order by day desc, id limit ${maxListedEvidence}`,
        matching.params,
      )
    },
    page: async (site, filter, query) => {
      const matching = matchingOf(site, filter)
      if (matching === null) return []
      const order = [
        ['day', 'day'],
        ['id', 'text'],
      ] as const
      return keysetPage(
        database,
        { columns, from: 'peerpress.evidence', ...matching, order, read: (item: EvidenceItem) => item },
        query,
      )
    },
    get: async (site, ids) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<EvidenceItem>(
        `select ${columns} from peerpress.evidence where site = $1 and id = any($2)`,
        [site, ids.filter(isEvidenceId)],
      )
      const byId = new Map(rows.map((row) => [row.id, row]))
      return ids.flatMap((id) => byId.get(id) ?? [])
    },
    prune: async () => {
      await database.query('delete from peerpress.evidence where not is_current and last_seen_at < $1', [
        new Date(now() - storedMs),
      ])
    },
  }
}

/** Returns the condition on a site's current items; null if none can match. */
function matchingOf(
  site: SiteId,
  { sources, region, post }: EvidenceFilter,
): { readonly where: string; readonly params: readonly unknown[] } | null {
  if (!isSiteId(site) || (post ?? '').includes('\0') || (region ?? '').includes('\0')) return null
  return {
    where: `site = $1 and is_current
      and ($2::text[] is null or source = any($2))
      and ($3::text is null or split_part(region, '-', 1) = $3 or region = $3)
      and ($4::text is null or post = $4)`,
    params: [site, sources ?? null, region ?? null, post ?? null],
  }
}

interface Insertion {
  readonly site: SiteId
  readonly items: readonly EvidenceItem[]
  readonly at: Date
  /** The upload that they are from; null for others. */
  readonly upload: string | null
}

/** Items per statement: the embedded engine runs in this thread, so the server waits for each statement. */
const perStatement = 200

/** Inserts items, or makes those that are stored current. */
export async function insertItems(sql: Sql, { site, items, at, upload }: Insertion): Promise<void> {
  const once = [...new Map(items.map((item) => [item.id, item])).values()]
  for (let start = 0; start < once.length; start += perStatement) {
    await sql.query(
      `insert into peerpress.evidence (site, id, source, day, region, language, post, title, body, url, upload, is_current,
         first_seen_at, last_seen_at)
       select $1, id, source, date, region, language, post, title, text, url, $4, true, $2, $2
       from jsonb_to_recordset($3::text::jsonb) as item (id text, source text, date date, region text, language text,
         post text, title text, text text, url text)
       on conflict (site, id) do update set is_current = true, last_seen_at = excluded.last_seen_at`,
      [site, at, JSON.stringify(once.slice(start, start + perStatement)), upload],
    )
  }
}

const columns = 'id, site, source, day::text as date, region, language, post, title, body as text, url'
