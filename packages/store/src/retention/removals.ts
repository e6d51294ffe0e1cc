import type { Connection, Insertion } from '../engine/connection.ts'
import { mutationsDone } from '../ingest/mutations.ts'
import { quoted } from '../model/quoted.ts'
import type { Removal } from './removed.ts'
import { isOfViews, type SiteTable, siteTables, snapshots } from '../model/site-tables.ts'
import { StoreError } from '../store-error.ts'
import { cellOfView } from '../model/view-place.ts'

/** Views that one statement names: it may have 256 KiB. */
const viewsAtOnce = 5000

/** A reader as rows tell one: a visitor's number is of one site and one UTC day. */
export interface VisitorDay {
  readonly site: string
  /** Unsigned 64-bit number in decimal. */
  readonly visitor: string
  /** Any moment of the UTC day. */
  readonly day: Date
}

/** Takes rows away for good. */
export interface Removals {
  /** Writes what is not removed. */
  insert(insertion: Insertion): Promise<void>
  /** All rows of a site; resolves to the number of views that went, once no table has a row of it. */
  removeSite(site: string): Promise<number>
  /**
   * A visitor's views of a day, with all their snapshots; resolves as `removeSite`.
   * @throws {StoreError} `bad-query` for what is no visitor's number or no day
   */
  removeVisitorDay(of: VisitorDay): Promise<number>
  /** Learns what other servers removed. */
  learn(): Promise<void>
  /** Learns what other servers removed, and removes what they wrote of it since. */
  enforce(): Promise<void>
}

/**
 * A removal is written down first. From then on nothing of it is written by this process, whatever log it comes from: the connection
 * leaves it out where rows are parsed anyway, of an embedded engine in its own process. The writes in hand are waited for; then the parts are rewritten without it, and counted. A crash on the way, and rows that
 * another server had in its log, are made good by `enforce`.
 */
export function createRemovals(connection: Connection): Removals {
  /** What the connection keeps out. */
  const learned = new Set<string>()
  const inHand = new Set<Promise<void>>()

  async function remember(removal: Removal): Promise<void> {
    const { site, visitor, views } = removal
    // Recorded by this process before.
    if (learned.has(JSON.stringify(removal))) return settle()
    const row = JSON.stringify({
      site,
      visitor: visitor?.number ?? null,
      day: visitor?.day ?? null,
      views,
      removed_at: Math.floor(Date.now() / 1000),
    })
    await connection.insert({ table: 'removals', rows: Buffer.from(`${row}\n`), token: row })
    await learn(removal)
    await settle()
  }

  /** Waits for writes that began before the removal was known. */
  async function settle(): Promise<void> {
    await Promise.allSettled(inHand)
  }

  async function learn(removal: Removal): Promise<void> {
    const key = JSON.stringify(removal)
    if (learned.has(key)) return
    await connection.keepOut(removal)
    learned.add(key)
  }

  return {
    insert: async (insertion) => {
      if (insertion.rows.length === 0) return
      const written = connection.insert(insertion)
      inHand.add(written)
      await written.finally(() => inHand.delete(written))
    },
    removeSite: async (site) => {
      await remember({ site, visitor: null, views: [] })
      const [known] = await connection.query(
        'SELECT uniqExact(view) AS views FROM snapshots WHERE site = {site:String}',
        { site },
      )
      await removeRows(connection, { site, visitor: null, views: [] })
      return Number(known?.['views'])
    },
    removeVisitorDay: async (of) => {
      const views = await viewsOf(connection, of)
      const visitor = { number: of.visitor, day: dayOf(of) }
      const removal = { site: of.site, visitor, views }
      await remember(removal)
      // What was in hand may have brought more of them.
      const all = [...new Set([...views, ...(await viewsOf(connection, of))])]
      await removeRows(connection, { ...removal, views: all })
      return all.length
    },
    learn: async () => {
      for (const removal of await removalsIn(connection)) await learn(removal)
    },
    enforce: async () => {
      for (const removal of await removalsIn(connection)) {
        await learn(removal)
        await removeRows(connection, removal)
      }
    },
  }
}

async function removalsIn(connection: Connection): Promise<Removal[]> {
  const rows = await connection.query(
    'SELECT site, toString(visitor) AS number, day, views FROM removals',
    {},
  )
  return rows.map((row) => ({
    site: String(row['site']),
    visitor: row['number'] === null ? null : { number: row['number'] as string, day: String(row['day']) },
    views: row['views'] as string[],
  }))
}

async function viewsOf(connection: Connection, { site, visitor, day }: VisitorDay): Promise<string[]> {
  // The engine would take a larger number modulo 2^64, for another visitor's.
  const isNumber = /^\d{1,20}$/.test(visitor) && BigInt(visitor) < 2n ** 64n
  if (!isNumber || Number.isNaN(day.getTime())) {
    throw new StoreError('bad-query', 'a visitor is an unsigned 64-bit number, and of a day')
  }
  const rows = await connection.query(
    `SELECT DISTINCT view FROM snapshots
WHERE site = {site:String} AND visitor = toUInt64OrNull({visitor:String})
  AND {day:Date} IN (toDate(started_at), toDate(received_at))`,
    { site, visitor, day: dayOf({ day }) },
  )
  return rows.map((row) => String(row['view']))
}

/** `YYYY-MM-DD` */
function dayOf({ day }: Pick<VisitorDay, 'day'>): string {
  return day.toISOString().slice(0, 10)
}

async function removeRows(connection: Connection, removal: Removal): Promise<void> {
  const touched = await cellsOf(connection, removal)
  for (const table of siteTables) {
    const { name } = table
    for (const condition of conditions(removal, table)) {
      if ((await countOf(connection, name, condition)) === 0) continue
      await connection.command(`ALTER TABLE ${name} DELETE WHERE ${condition} SETTINGS mutations_sync = 0`)
      await mutationsDone(connection, name)
      const left = await countOf(connection, name, condition)
      if (left > 0) throw new StoreError('query-failed', `${left} rows of ${name} were not removed`)
    }
  }
  if (touched.length > 0) {
    // Their rollups are of rows that were there.
    await connection.command(`
INSERT INTO marks
SELECT ${quoted(removal.site)} AS site, toDateTime(arrayJoin([${touched.join(', ')}]), 'UTC') AS cell, 1, now64(3, 'UTC')`)
  }
}

/** The cells, epoch s, that a visitor's views are in or were; none for a whole site, whose rollups go as well. */
async function cellsOf(connection: Connection, removal: Removal): Promise<number[]> {
  if (removal.visitor === null) return []
  const cells = new Set<number>()
  for (const condition of conditions(removal, snapshots)) {
    const rows = await connection.query(
      `SELECT DISTINCT toUnixTimestamp(${cellOfView}) AS cell FROM snapshots WHERE ${condition}`,
      {},
    )
    for (const row of rows) cells.add(Number(row['cell']))
  }
  for (const view of removal.views) cells.add(cellOfId(view))
  return [...cells]
}

/** As {@link cellOfView}: the hour of the time in a version 7 UUID's first 48 bits (RFC 9562, section 5.7), epoch s. */
function cellOfId(view: string): number {
  if (view[14] !== '7') return 0
  const ms = Number.parseInt(view.slice(0, 8) + view.slice(9, 13), 16)
  return Math.floor(ms / 3_600_000) * 3600
}

function conditions({ site, visitor, views }: Removal, { name, key }: SiteTable): string[] {
  const ofSite = `site = ${quoted(site)}`
  if (visitor === null) return [ofSite]
  if (key === null) return []
  const named: string[] = []
  for (let i = 0; i < views.length; i += viewsAtOnce) {
    const some = views.slice(i, i + viewsAtOnce)
    named.push(`${ofSite} AND ${isOfViews(key, some)}`)
  }
  // A row that another server wrote has perhaps a view that was not known then.
  const ofDay = `${ofSite} AND toDate('${visitor.day}') IN (toDate(started_at), toDate(received_at))`
  if (name === 'snapshots') named.push(`${ofDay} AND visitor = ${visitor.number}`)
  if (name === 'bots') named.push(`${ofDay} AND JSONExtractString(snapshot, 'visitor') = '${visitor.number}'`)
  return named
}

async function countOf(connection: Connection, table: string, condition: string): Promise<number> {
  const [row] = await connection.query(`SELECT count() AS rows FROM ${table} WHERE ${condition}`, {})
  return Number(row?.['rows'])
}
