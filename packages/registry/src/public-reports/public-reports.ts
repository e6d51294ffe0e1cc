import type { SiteId } from '@peerpress/wire'
import { recordAudit } from '../audit/audit.ts'
import type { Database } from '../engines/database.ts'
import { isSiteId } from '../sites/site-id.ts'

/** A site's report that everybody with its address reads. */
export interface PublicReport {
  readonly site: SiteId
  /** Part of the address: 43 characters of base64url. */
  readonly token: string
  readonly createdAt: Date
}

/** The public reports of sites: one at most of each. */
export interface PublicReports {
  of(site: SiteId): Promise<PublicReport | null>
  byToken(token: string): Promise<PublicReport | null>
  /** Makes the report public under a new token. The former address ends. Returns null if there is no such site. */
  publish(site: SiteId, token: string, actor: string): Promise<PublicReport | null>
  /** Ends the address. Returns false if there was none. */
  revoke(site: SiteId, actor: string): Promise<boolean>
}

export function createPublicReports(database: Database, now: () => number): PublicReports {
  const find = async (column: 'site' | 'token', value: string): Promise<PublicReport | null> => {
    const [row] = await database.query<{ site: SiteId; token: string; created_at: Date }>(
      `select site, token, created_at from peerpress.public_report where ${column} = $1`,
      [value],
    )
    return row === undefined ? null : { site: row.site, token: row.token, createdAt: row.created_at }
  }
  return {
    of: async (site) => (isSiteId(site) ? find('site', site) : null),
    byToken: async (token) => (/^[\w-]{43}$/.test(token) ? find('token', token) : null),
    publish: async (site, token, actor) => {
      if (!isSiteId(site)) return null
      await database.transaction(async (sql) => {
        const published = await sql.query(
          `insert into peerpress.public_report (site, token, created_by, created_at)
           select id, $2, $3, $4 from peerpress.site where id = $1
           on conflict (site) do update set token = excluded.token, created_by = excluded.created_by,
             created_at = excluded.created_at returning site`,
          [site, token, actor, new Date(now())],
        )
        if (published.length > 0) {
          await recordAudit(sql, { actor, action: 'public-report.published', site }, now())
        }
      })
      return find('site', site)
    },
    revoke: async (site, actor) => {
      if (!isSiteId(site)) return false
      return database.transaction(async (sql) => {
        const ended = await sql.query('delete from peerpress.public_report where site = $1 returning site', [
          site,
        ])
        if (ended.length === 0) return false
        await recordAudit(sql, { actor, action: 'public-report.revoked', site }, now())
        return true
      })
    },
  }
}
