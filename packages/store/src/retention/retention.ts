import type { Connection } from '../engine/connection.ts'
import { quoted } from '../model/quoted.ts'
import { type SiteTable, siteTables } from '../model/site-tables.ts'
import { StoreError } from '../store-error.ts'

/** Maximum number of days: a hundred years, which the engine's dates can represent. */
export const maxRetentionDays = 36_500

/** The retention times of sites. */
export interface Retention {
  /** Sets the tables' TTL. Does nothing if the engine has it already. */
  apply(): Promise<void>
  /** Returns the number of days that the site's rows are retained. */
  daysOf(site: string): Promise<number>
  /**
   * Retains the site's rows for this many days from now on; null: as many as other sites' rows.
   * @throws {StoreError} `bad-query` unless 1 to {@link maxRetentionDays}
   */
  retain(site: string, days: number | null): Promise<void>
  /** Removes the site's own retention time. */
  forget(site: string): Promise<void>
}

/**
 * Creates the retention of a store. It uses the engine's TTL, one for each table: merges drop expired rows, so no job
 * is needed. A TTL cannot read tables or dictionaries, so its text names the sites with a retention time of their own.
 * A table stores these times.
 * @param defaultDays days for all other sites
 */
export function createRetention(connection: Connection, defaultDays: number): Retention {
  // A TTL from an older reading of the table must not overwrite a newer one.
  let turn: Promise<unknown> = Promise.resolve()
  const apply = (): Promise<void> => {
    const applied = turn.then(() => applyTo(connection, defaultDays))
    turn = applied.catch(() => undefined)
    return applied
  }
  const daysOf = async (site: string): Promise<number | null> => {
    const [own] = await connection.query(
      'SELECT days FROM retention FINAL WHERE site = {site:String} AND days > 0',
      { site },
    )
    return own === undefined ? null : Number(own['days'])
  }
  const want = async (site: string, days: number): Promise<void> => {
    const row = { site, days, changed_at: Date.now() }
    await connection.insert({
      table: 'retention',
      rows: Buffer.from(`${JSON.stringify(row)}\n`),
      token: `${site} ${row.changed_at}`,
    })
    await apply()
  }
  return {
    apply,
    daysOf: async (site) => (await daysOf(site)) ?? defaultDays,
    retain: async (site, days) => {
      if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= maxRetentionDays)) {
        throw new StoreError('bad-query', `rows are retained for 1 to ${maxRetentionDays} days`)
      }
      await want(site, days ?? 0)
    },
    forget: async (site) => {
      if ((await daysOf(site)) !== null) await want(site, 0)
    },
  }
}

async function applyTo(connection: Connection, defaultDays: number): Promise<void> {
  const rows = await connection.query(
    'SELECT site, days FROM retention FINAL WHERE days > 0 ORDER BY site',
    {},
  )
  const own = rows.map((row) => ({ site: String(row['site']), days: Number(row['days']) }))
  for (const table of siteTables) {
    if (table.day === null) continue
    const wanted = ttl(table.day, own, defaultDays)
    if ((await ttlOf(connection, table)) === wanted) continue
    // Rows that have expired already are removed in the background: a start does not wait until everything is read
    // once.
    await connection.command(`ALTER TABLE ${table.name} MODIFY TTL ${wanted} SETTINGS alter_sync = 0`)
  }
}

/** The TTL in the engine's spelling, for comparison with the current one. */
function ttl(day: string, own: readonly { site: string; days: number }[], defaultDays: number): string {
  if (own.length === 0) return `${day} + toIntervalDay(${defaultDays})`
  const sites = own.map(({ site }) => quoted(site)).join(', ')
  const days = own.map((of) => of.days).join(', ')
  return `${day} + toIntervalDay(transform(toString(site), [${sites}], [${days}], ${defaultDays}))`
}

async function ttlOf(connection: Connection, { name }: SiteTable): Promise<string | undefined> {
  const [row] = await connection.query(
    `SELECT engine_full FROM system.tables
WHERE database = currentDatabase() AND name IN ({name:String}, concat({name:String}, '_shard')) AND engine LIKE '%MergeTree'`,
    { name },
  )
  return /\bTTL (.*?)(?: SETTINGS |$)/s.exec(String(row?.['engine_full']))?.[1]
}
