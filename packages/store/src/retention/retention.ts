import type { Connection } from '../engine/connection.ts'
import { quoted } from '../model/quoted.ts'
import { type SiteTable, siteTables } from '../model/site-tables.ts'
import { StoreError } from '../store-error.ts'

/** Days at most: a hundred years, which the engine's dates can still tell. */
export const maxRetentionDays = 36_500

/** How long what was measured is kept. */
export interface Retention {
  /** Brings the tables to what is wanted; an engine that is there already gets nothing to do. */
  apply(): Promise<void>
  /** Days that the site's rows are kept. */
  daysOf(site: string): Promise<number>
  /**
   * Keeps the site's rows for so many days from now on; null: for as many as those of other sites.
   * @throws {StoreError} `bad-query` unless 1 to {@link maxRetentionDays}
   */
  retain(site: string, days: number | null): Promise<void>
  /** Wants nothing for the site any more. */
  forget(site: string): Promise<void>
}

/**
 * Retention by the engine's own TTL, one for each table: merges drop what is too old, so that no job can be forgotten.
 * A TTL may ask no table and no dictionary, so the sites that want another number of days stand in its text, and are
 * kept in a table beside.
 * @param defaultDays of sites that want nothing else
 */
export function createRetention(connection: Connection, defaultDays: number): Retention {
  // A text that was made of an older reading must not overwrite a newer one's.
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
        throw new StoreError('bad-query', `rows are kept for 1 to ${maxRetentionDays} days`)
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
    // The rows that are too old already go in the background: a start does not wait until everything is read once.
    await connection.command(`ALTER TABLE ${table.name} MODIFY TTL ${wanted} SETTINGS alter_sync = 0`)
  }
}

/** In the engine's own spelling, to be compared with what it has. */
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
