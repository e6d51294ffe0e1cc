import type { SiteId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'
import { recordEntry } from '../timeline/timeline.ts'

/** A version of a part of a site, such as a plugin, a theme or PeerPress itself. */
export interface Release {
  readonly component: string
  readonly version: string
  /** When it was first seen. */
  readonly releasedAt: Date
}

/** The versions of the parts of sites. */
export interface Releases {
  /**
   * Records that a version is in use, and marks it on the site's timeline. A version that is known already keeps its time. Returns false if there is no such site, or
   * if the component or the version is no line of 1 to 100 characters.
   */
  record(site: SiteId, release: Release): Promise<boolean>
  /** Returns the releases of a site since a moment, latest first; 200 at most. */
  list(site: SiteId, since: Date): Promise<Release[]>
}

const maxListed = 200
/** Versions of one site that are stored; older ones are forgotten. */
const maxStored = 1000

export function createReleases(database: Database): Releases {
  return {
    record: async (site, { component, version, releasedAt }) => {
      if (!isSiteId(site) || !isLine(component) || !isLine(version)) return false
      return database.transaction(async (sql) => {
        const [found] = await sql.query<{ added: boolean }>(
          `with site as (select id from peerpress.site where id = $1),
           added as (
             insert into peerpress.release (site, component, version, released_at) select id, $2, $3, $4 from site
             on conflict do nothing returning site)
           select exists (select from added) as added from site`,
          [site, component, version, releasedAt],
        )
        if (found?.added === true) {
          await recordEntry(sql, { site, at: releasedAt, kind: 'release', subject: version, text: component })
          await forgetOld(sql, site)
        }
        return found !== undefined
      })
    },
    list: async (site, since) => {
      if (!isSiteId(site)) return []
      const rows = await database.query<{ component: string; version: string; released_at: Date }>(
        `select component, version, released_at from peerpress.release where site = $1 and released_at >= $2
         order by released_at desc, component, version limit ${maxListed}`,
        [site, since],
      )
      return rows.map(({ released_at, ...rest }) => ({ ...rest, releasedAt: released_at }))
    },
  }
}

/** A site reports its versions itself, so that releases and their marks are bounded. */
async function forgetOld(sql: Sql, site: SiteId): Promise<void> {
  await sql.query(
    `delete from peerpress.release where site = $1 and released_at < (
       select released_at from peerpress.release where site = $1 order by released_at desc offset $2 limit 1)`,
    [site, maxStored],
  )
  await sql.query(
    `delete from peerpress.timeline_entry where site = $1 and kind = 'release' and at < (
       select at from peerpress.timeline_entry where site = $1 and kind = 'release'
       order by at desc offset $2 limit 1)`,
    [site, maxStored],
  )
}

/** Whether a text is one line without invisible characters that turn text around. */
function isLine(text: string): boolean {
  return text.isWellFormed() && text.trim() !== '' && text.length <= 100 && !/[\p{Cc}\p{Cf}]/u.test(text)
}
