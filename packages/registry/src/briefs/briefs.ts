import { createHash } from 'node:crypto'
import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'
import type { Brief, BriefKind } from './brief.ts'

/** A brief that was not recorded yet: its place in the list gives its rank. */
export type BriefInput = Omit<Brief, 'id' | 'site' | 'day' | 'rank'> & {
  /** What the opportunity is about, such as a query or a post. A day has one brief of a kind and subject. */
  readonly subject: string
}

/** The daily lists of briefs. */
export interface Briefs {
  /**
   * Replaces a site's list of a day, the most promising brief first. Briefs that are not in it any more can still be got by their id.
   * Returns false if there is no such site.
   */
  record(site: SiteId, day: string, briefs: readonly BriefInput[]): Promise<boolean>
  /** Returns the list of a day, by default of the last day that has one; by rank. */
  list(site: SiteId, day?: string): Promise<Brief[]>
  get(site: SiteId, id: string): Promise<Brief | null>
  /** Returns when the site's last list was made; null before the first. */
  madeAt(site: SiteId): Promise<Date | null>
  /** Removes the briefs of more than a year ago. */
  prune(): Promise<void>
}

const storedMs = 366 * 86_400_000

export function createBriefs(database: Database, now: () => number): Briefs {
  const find = async (where: string, params: readonly unknown[]): Promise<Brief[]> =>
    (await database.query<BriefRow>(`${select} ${where}`, params)).map(briefOf)
  return {
    record: async (site, day, briefs) =>
      isSiteId(site) &&
      database.transaction(async (sql) => {
        const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
        if (known === undefined) return false
        await recordList(sql, { site, day, briefs, at: new Date(now()) })
        return true
      }),
    list: async (site, day) => {
      if (!isSiteId(site)) return []
      return find(
        `where site = $1 and is_current
           and day = coalesce($2::text::date, (select day from peerpress.brief_list where site = $1)) order by rank`,
        [site, day ?? null],
      )
    },
    get: async (site, id) => {
      if (!isSiteId(site) || !isBriefId(id)) return null
      return (await find('where site = $1 and id = $2', [site, id]))[0] ?? null
    },
    madeAt: async (site) => {
      if (!isSiteId(site)) return null
      const query = 'select made_at from peerpress.brief_list where site = $1'
      const [row] = await database.query<{ made_at: Date }>(query, [site])
      return row?.made_at ?? null
    },
    prune: async () => {
      const oldest = new Date(now() - storedMs).toISOString().slice(0, 10)
      await database.query('delete from peerpress.brief where day < $1::text::date', [oldest])
    },
  }
}

interface List {
  readonly site: SiteId
  readonly day: string
  readonly briefs: readonly BriefInput[]
  readonly at: Date
}

async function recordList(sql: Sql, { site, day, briefs, at }: List): Promise<void> {
  await sql.query(
    `insert into peerpress.brief_list (site, day, made_at) values ($1, $2::text::date, $3)
     on conflict (site) do update set day = excluded.day, made_at = excluded.made_at`,
    [site, day, at],
  )
  await sql.query('update peerpress.brief set is_current = false where site = $1 and day = $2::text::date', [
    site,
    day,
  ])
  const rows = briefs.map(({ subject, kind, score, ...content }, index) => ({
    id: briefId([site, day, kind, subject]),
    rank: index + 1,
    kind,
    score,
    content,
  }))
  await sql.query(
    `insert into peerpress.brief (site, id, day, rank, kind, score, content, is_current)
     select $1, id, $2::text::date, rank, kind, score, content, true from jsonb_to_recordset($3::text::jsonb)
       as made (id text, rank integer, kind text, score double precision, content jsonb)
     on conflict (site, id) do update set rank = excluded.rank, score = excluded.score, content = excluded.content,
       is_current = true`,
    [site, day, JSON.stringify(rows)],
  )
}

/** Returns the id of a site's brief of a day about a subject: 96 bits of SHA-256. */
function briefId(of: readonly string[]): string {
  return `br_${createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 16)}`
}

/** Whether a brief can have this id. */
function isBriefId(id: string): boolean {
  return /^br_[\w-]{16}$/.test(id)
}

const select = 'select site, id, day::text as day, rank, kind, score, content from peerpress.brief'

interface BriefRow {
  readonly site: SiteId
  readonly id: string
  readonly day: string
  readonly rank: number
  readonly kind: BriefKind
  readonly score: number
  readonly content: Omit<Brief, 'site' | 'id' | 'day' | 'rank' | 'kind' | 'score'>
}

function briefOf({ content, ...rest }: BriefRow): Brief {
  return { ...rest, ...content }
}
