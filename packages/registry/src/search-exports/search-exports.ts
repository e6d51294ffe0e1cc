import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** The days of an export. */
export interface SearchPeriod {
  /** `YYYY-MM-DD` */
  readonly firstDay: string
  /** `YYYY-MM-DD`, included. */
  readonly lastDay: string
}

/** What a search engine showed in one country, in all days of an export together. */
export interface CountryFigures {
  /** ISO 3166-1 alpha-2; `ZZ` if the search engine does not know it. */
  readonly country: string
  readonly clicks: number
  readonly impressions: number
  /** Mean position of the site's results, 1 is first; null without impressions. */
  readonly position: number | null
}

/** An imported export. */
export interface SearchExport extends SearchPeriod {
  readonly countries: readonly CountryFigures[]
}

/** Figures that owners exported from a search engine's console. They are stored for three years. */
export interface SearchExports {
  /** Records exports together, replacing those of the same days. Returns false if there is no such site. */
  record(site: SiteId, exports: readonly SearchExport[]): Promise<boolean>
  /** Returns the periods of a site's exports, the last first. */
  list(site: SiteId): Promise<readonly (SearchPeriod & { readonly importedAt: Date })[]>
  /** Returns the figures of one export by country; empty if there is no such export. */
  countries(site: SiteId, period: SearchPeriod): Promise<CountryFigures[]>
  /** Removes exports that are older than three years. */
  forgetOld(): Promise<void>
}

const storedMs = 3 * 366 * 86_400_000

export function createSearchExports(database: Database, now: () => number): SearchExports {
  return {
    record: async (site, exports) =>
      isSiteId(site) &&
      database.transaction(async (sql) => {
        const [known] = await sql.query('select id from peerpress.site where id = $1 for share', [site])
        if (known === undefined) return false
        for (const one of exports) await recordExport(sql, { ...one, site, importedAt: new Date(now()) })
        return true
      }),
    list: async (site) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<{ first: string; last: string; imported_at: Date }>(
        `select first_day::text as first, last_day::text as last, imported_at from peerpress.search_export
         where site = $1 order by last_day desc, first_day desc`,
        [site],
      )
      return rows.map((row) => ({ firstDay: row.first, lastDay: row.last, importedAt: row.imported_at }))
    },
    countries: async (site, { firstDay, lastDay }) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<CountryRow>(
        `select country, clicks, impressions, position from peerpress.search_export_country
         where site = $1 and first_day = $2::text::date and last_day = $3::text::date order by country`,
        [site, firstDay, lastDay],
      )
      return rows.map((row) => ({
        ...row,
        clicks: Number(row.clicks),
        impressions: Number(row.impressions),
      }))
    },
    forgetOld: async () => {
      await database.query('delete from peerpress.search_export where last_day < $1::text::date', [
        new Date(now() - storedMs).toISOString().slice(0, 10),
      ])
    },
  }
}

/** Databases return a bigint as a number or as text. */
type CountryRow = Omit<CountryFigures, 'clicks' | 'impressions'> & {
  readonly clicks: number | string
  readonly impressions: number | string
}

async function recordExport(
  sql: Sql,
  one: SearchExport & { readonly site: SiteId; readonly importedAt: Date },
): Promise<void> {
  const key = [one.site, one.firstDay, one.lastDay]
  await sql.query(
    `delete from peerpress.search_export
     where site = $1 and first_day = $2::text::date and last_day = $3::text::date`,
    key,
  )
  await sql.query(
    `insert into peerpress.search_export (site, first_day, last_day, imported_at)
     values ($1, $2::text::date, $3::text::date, $4)`,
    [...key, one.importedAt],
  )
  await sql.query(
    `insert into peerpress.search_export_country (site, first_day, last_day, country, clicks, impressions, position)
     select $1, $2::text::date, $3::text::date, country, clicks, impressions, position
     from jsonb_to_recordset($4::text::jsonb)
       as of_country (country text, clicks bigint, impressions bigint, position double precision)`,
    [...key, JSON.stringify(one.countries)],
  )
}
