import type { SiteId } from '@peerpress/wire'
import type { Database } from '../engines/database.ts'
import type { SearchPeriod } from '../search-exports/search-exports.ts'
import { isSiteId } from '../sites/site-id.ts'

/** What people searched when a search engine showed the site, in all days of an export together. */
export interface QueryFigures {
  readonly query: string
  readonly clicks: number
  readonly impressions: number
  /** Mean position of the site's results, 1 is first; null without impressions. */
  readonly position: number | null
}

/** The queries of an export. */
export interface QueryExport extends SearchPeriod {
  /** ISO 3166-1 alpha-2 if the export was of one country; null if it was of all. */
  readonly region: string | null
  readonly queries: readonly QueryFigures[]
}

/** Search queries that owners exported from a search engine's console. They are stored for three years. */
export interface SearchQueries {
  /** Records exports together, replacing those of the same days and region. Returns false if there is no such site. */
  record(site: SiteId, exports: readonly QueryExport[]): Promise<boolean>
  /** Returns the last export of each region, and of all regions; empty if there is none. */
  latest(site: SiteId): Promise<QueryExport[]>
  /** Removes queries that are older than three years. */
  forgetOld(): Promise<void>
}

const storedMs = 3 * 366 * 86_400_000

export function createSearchQueries(database: Database, now: () => number): SearchQueries {
  return {
    record: async (site, exports) =>
      isSiteId(site) &&
      database.transaction(async (sql) => {
        const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
        if (known === undefined) return false
        for (const { region, firstDay, lastDay, queries } of exports) {
          const key = [site, region ?? '', firstDay, lastDay]
          await sql.query(
            `delete from peerpress.search_query where site = $1 and region = $2
             and first_day = $3::text::date and last_day = $4::text::date`,
            key,
          )
          await sql.query(
            `insert into peerpress.search_query (site, region, first_day, last_day, query, clicks, impressions, position)
             select $1, $2, $3::text::date, $4::text::date, query, clicks, impressions, position
             from jsonb_to_recordset($5::text::jsonb)
               as of_query (query text, clicks bigint, impressions bigint, position double precision)`,
            [...key, JSON.stringify(queries)],
          )
        }
        return true
      }),
    latest: async (site) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<QueryRow>(
        `select region, first_day::text as first, last_day::text as last, query, clicks, impressions, position
         from peerpress.search_query q
         where site = $1 and (last_day, first_day) = (select last_day, first_day from peerpress.search_query
           where site = $1 and region = q.region order by last_day desc, first_day desc limit 1)
         order by region, impressions desc, query`,
        [site],
      )
      return [...Map.groupBy(rows, ({ region }) => region)].map(([region, of]) => ({
        region: region === '' ? null : region,
        firstDay: of[0]?.first ?? '',
        lastDay: of[0]?.last ?? '',
        queries: of.map(figuresOf),
      }))
    },
    forgetOld: async () => {
      await database.query('delete from peerpress.search_query where last_day < $1::text::date', [
        new Date(now() - storedMs).toISOString().slice(0, 10),
      ])
    },
  }
}

/** Databases return a bigint as a number or as text. */
interface QueryRow {
  readonly region: string
  readonly first: string
  readonly last: string
  readonly query: string
  readonly clicks: number | string
  readonly impressions: number | string
  readonly position: number | null
}

function figuresOf({ query, clicks, impressions, position }: QueryRow): QueryFigures {
  return { query, clicks: Number(clicks), impressions: Number(impressions), position }
}
