import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'node:test'
import { encodeBotRow } from '../model/bot-row.ts'
import type { Connection, Insertion } from '../engine/connection.ts'
import { hourTime } from '../query/drops.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { openStore } from '../open-store.ts'
import { ndjson, range, sampleRows } from '../random-rows.testing.ts'
import { createRemovals } from './removals.ts'
import type { Removal } from './removed.ts'
import { isOfViews, siteTables, type ViewKey } from '../model/site-tables.ts'
import type { Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'

const removedSite = 'aaaaaaaaaaaaaaaa'
const otherSite = 'bbbbbbbbbbbbbbbb'
const started = rowTime(+range.from)
/** The week after the views is over. */
const later = new Date(+range.from + 21 * 86_400_000)

describe('removals', { timeout: 180_000 }, () => {
  let directory: string
  let store: Store
  const open = async () => (store = await openStore({ directory }))

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'removals-'))
    await open()
  })
  afterEach(async () => {
    await store.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** The rows that an earlier run of the server had in its log, with their tokens. */
  async function write(rows: readonly ViewRow[], token: string): Promise<void> {
    const bots = rows.map((row) => `${encodeBotRow(row, { sign: 'agent', agent: 'Bot' })}\n`).join('')
    const drops = rows.map(({ site, view }) =>
      JSON.stringify({ site, hour: hourTime(+range.from), reason: 'bot', run: view, beacons: 1 }),
    )
    await store.insertViews(ndjson(rows), token)
    await store.insertBots(Buffer.from(bots), token)
    await store.insertDrops(Buffer.from(`${drops.join('\n')}\n`), token)
  }

  /** Rows of each table by site, with all copies and snapshots in the files. The store is reopened after it. */
  async function counts(
    condition: (key: ViewKey) => string = () => 'true',
  ): Promise<Record<string, Record<string, number>>> {
    await store.close()
    const connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    const found: Record<string, Record<string, number>> = {}
    for (const { name, key } of siteTables) {
      const rows = await connection.query(
        `SELECT site, count() AS n FROM ${name} WHERE ${key === null ? 'true' : condition(key)} GROUP BY site ORDER BY site`,
        {},
      )
      found[name] = Object.fromEntries(rows.map((row) => [String(row['site']), Number(row['n'])]))
    }
    await connection.close()
    await open()
    return found
  }
  const without = (found: Record<string, Record<string, number>>, site: string) =>
    Object.fromEntries(
      Object.entries(found).map(([table, sites]) => [
        table,
        Object.fromEntries(Object.entries(sites).filter(([name]) => name !== site)),
      ]),
    )

  test('no table has rows of a removed site, and no log brings them back, even after the next start', async () => {
    const rows = sampleRows(300).map((row) => ({ ...row, started_at: started }))
    const half = rows.filter((_, index) => index % 2 === 0)
    await write(half, 'first')
    await write(half, 'again')
    await store.roll()
    const searched = [{ kind: 'total', key: '', clicks: 1, impressions: 2, position: 3 }] as const
    for (const site of [removedSite, otherSite]) {
      await store.countSearchWeeks({ site, now: later })
      await store.recordSearchDays({
        site,
        property: 'sc-domain:garden.example',
        readAt: later,
        days: [{ day: '2026-03-01', rows: searched }],
      })
    }
    const before = await counts()
    for (const { name } of siteTables) assert.ok((before[name]?.[removedSite] ?? 0) > 0, name)
    const figures = await store.totals({ site: otherSite, ...range })
    const views = new Set(half.filter(({ site }) => site === removedSite).map(({ view }) => view)).size

    assert.equal(await store.removeSite(removedSite), views)
    assert.deepEqual(await counts(), without(before, removedSite))

    // The log has the same segments, and some that the store did not have.
    await write(half, 'first')
    await write(half, 'under another token')
    await write(
      rows.filter(({ site }) => site === removedSite),
      'new',
    )
    await store.close()
    await open()
    await write(
      rows.filter(({ site }) => site === removedSite),
      'newer',
    )
    const after = await counts()
    for (const { name } of siteTables) assert.equal(after[name]?.[removedSite], undefined, name)
    assert.deepEqual(await store.totals({ site: otherSite, ...range }), figures)
    assert.equal(await store.removeSite(removedSite), 0)
  })

  test('two removals of a site at the same time report the same views', async () => {
    const rows = sampleRows(50).map((row) => ({ ...row, site: removedSite, started_at: started }))
    await store.insertViews(ndjson(rows), 'rows')
    const views = new Set(rows.map(({ view }) => view)).size
    assert.deepEqual(await Promise.all([store.removeSite(removedSite), store.removeSite(removedSite)]), [
      views,
      views,
    ])
  })

  test('rows that are written while a site is removed are removed too', async () => {
    const rows = sampleRows(400).map((row) => ({ ...row, site: removedSite, started_at: started }))
    const writes = Array.from({ length: 8 }, (_, i) => store.insertViews(ndjson(rows.slice(i * 50)), `w${i}`))
    await store.removeSite(removedSite)
    await Promise.all(writes)
    const left = await counts()
    for (const { name } of siteTables) assert.equal(left[name]?.[removedSite], undefined, name)
  })

  test("a visitor's day is removed with all snapshots of its views, others stay, and a later snapshot is refused", async () => {
    const [row] = sampleRows(1)
    const snapshot = (number: number, changes: Partial<ViewRow>): ViewRow => ({
      ...row!,
      site: removedSite,
      view: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
      started_at: started,
      received_at: started,
      ...changes,
    })
    const visitor = '18446744073709551615'
    const theirs = [
      // The earlier snapshot may be merged away by now. The later one says whose view it was.
      snapshot(1, { visitor: null, sequence: 1 }),
      snapshot(1, { visitor, sequence: 2 }),
      snapshot(2, { visitor }),
    ]
    const longBefore = rowTime(+range.from - 3 * 86_400_000)
    const others = [
      snapshot(3, { visitor: '5' }),
      snapshot(4, { visitor: null }),
      snapshot(1, { site: otherSite, visitor }),
    ]
    await write(others, 'others')
    // The engine writes only the last of equal rows in one insert.
    await write(theirs.slice(0, 1), 'theirs first')
    await write(theirs.slice(1), 'theirs')
    // The same number on another day belongs to another reader.
    await store.insertViews(
      ndjson([snapshot(5, { visitor, started_at: longBefore, received_at: longBefore })]),
      'x',
    )
    const ids = theirs.map(({ view }) => view)
    const isTheirs = (key: ViewKey) => `site = '${removedSite}' AND ${isOfViews(key, ids)}`
    const isOthers = (key: ViewKey) => `NOT (${isTheirs(key)})`
    const before = await counts(isOthers)

    assert.equal(await store.removeVisitorDay({ site: removedSite, visitor, day: range.from }), 2)
    await write(theirs, 'from a log')
    // After midnight the reader has another number.
    await write([snapshot(2, { visitor: '6', sequence: 9 })], 'later')
    const left = await counts(isTheirs)
    for (const { name, key } of siteTables) if (key !== null) assert.deepEqual(left[name], {}, name)
    const stayed = await counts(isOthers)
    for (const { name, key } of siteTables)
      if (key !== null) assert.deepEqual(stayed[name], before[name], name)
    assert.equal(await store.removeVisitorDay({ site: removedSite, visitor, day: range.from }), 0)
  })

  test('refuses an invalid visitor and an invalid day', async () => {
    const refused = [
      { site: removedSite, visitor: '1 OR 1', day: range.from },
      { site: removedSite, visitor: '', day: range.from },
      { site: removedSite, visitor: '18446744073709551616', day: range.from },
      { site: removedSite, visitor: '1', day: new Date(Number.NaN) },
    ]
    for (const of of refused) {
      await assert.rejects(
        store.removeVisitorDay(of),
        (error) => error instanceof StoreError && error.code === 'bad-query',
      )
    }
  })

  test('a removal that kill -9 of the engine interrupted is completed by the next start, or when it is repeated', async () => {
    const rows = sampleRows(200).map((row) => ({ ...row, site: removedSite, started_at: started }))
    await write(rows, 'written')
    const cut = store.removeSite(removedSite)
    // Recorded, but perhaps not done.
    const [pid] = execFileSync('pgrep', ['-f', `engine-main.ts.*${directory}`], { encoding: 'utf8' }).split(
      '\n',
    )
    process.kill(Number(pid), 'SIGKILL')
    await assert.rejects(cut, (error) => error instanceof StoreError && error.code === 'engine-crashed')
    await store.removeSite(removedSite)
    await write(rows, 'again')
    const left = await counts()
    for (const { name } of siteTables) assert.equal(left[name]?.[removedSite], undefined, name)
  })

  test('rows are compared with removals in the process of the engine, even after a restart', async () => {
    await store.close()
    const connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    try {
      const visitor = { number: '77', day: started.slice(0, 10) }
      const rows = sampleRows(9).map((row, i) => ({
        ...row,
        site: i % 3 === 0 ? removedSite : otherSite,
        started_at: started,
        visitor: i % 3 === 1 ? visitor.number : '5',
      }))
      const left = rows.filter((_, i) => i % 3 === 2).length
      await connection.keepOut({ site: removedSite, visitor: null, views: [] })
      await connection.keepOut({ site: otherSite, visitor, views: [] })
      const sites = async () =>
        (await connection.query('SELECT site, count() AS n FROM snapshots GROUP BY site', {})).map((row) => [
          row['site'],
          Number(row['n']),
        ])
      // Sent directly to the connection, so that no earlier step filters the rows.
      const insert = (token: string) => connection.insert({ table: 'snapshots', rows: ndjson(rows), token })
      await insert('one')
      assert.deepEqual(await sites(), [[otherSite, left]])
      const [pid] = execFileSync('pgrep', ['-f', `engine-main.ts.*${directory}`], { encoding: 'utf8' }).split(
        '\n',
      )
      process.kill(Number(pid), 'SIGKILL')
      await insert('two').catch(() => insert('two'))
      assert.deepEqual(await sites(), [[otherSite, 2 * left]])
      await connection.insert({
        table: 'snapshots',
        rows: ndjson(rows.filter(({ site }) => site === removedSite)),
        token: 'nothing left',
      })
      assert.deepEqual(await sites(), [[otherSite, 2 * left]])
    } finally {
      await connection.close()
      await open()
    }
  })

  test('inserted rows reach the connection unchanged, whatever was removed', async () => {
    const inserted: Insertion[] = []
    const excluded: Removal[] = []
    const connection = {
      insert: async (insertion: Insertion) => inserted.push(insertion),
      query: async (sql: string) => (/uniqExact|count/.test(sql) ? [{ views: 0, rows: 0 }] : []),
      keepOut: async (removal: Removal) => excluded.push(removal),
    } as unknown as Connection
    const removals = createRemovals(connection)
    await removals.removeSite(removedSite)
    assert.deepEqual(excluded, [{ site: removedSite, visitor: null, views: [] }])
    // JSON that this process does not parse.
    const insertion = { table: 'snapshots', rows: Buffer.from(`["${removedSite}"`), token: 'x' }
    await removals.insert(insertion)
    assert.equal(inserted.at(-1), insertion)
  })

  test("a server that has read another server's removal inserts none of its rows", async () => {
    const rows = sampleRows(50).map((row) => ({ ...row, site: removedSite, started_at: started }))
    await store.close()
    const connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    const removal = { site: removedSite, visitor: null, day: null, views: [], removed_at: 0 }
    const rowOfOther = Buffer.from(`${JSON.stringify(removal)}\n`)
    await connection.insert({ table: 'removals', rows: rowOfOther, token: 'other' })
    const removals = createRemovals(connection)
    await removals.learn()
    await removals.insert({ table: 'snapshots', rows: ndjson(rows), token: 'later' })
    const left = await connection.query('SELECT count() AS n FROM snapshots', {})
    await connection.close()
    await open()
    assert.equal(Number(left[0]?.['n']), 0)
  })

  test('rows of a removed site that another server wrote are removed by the next start', async () => {
    const rows = sampleRows(50).map((row) => ({ ...row, site: removedSite, started_at: started }))
    await store.removeSite(removedSite)
    await store.close()
    // The other server does not know of the removal yet.
    const other = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    await other.insert({ table: 'snapshots', rows: ndjson(rows), token: 'other' })
    await other.close()
    await open()
    const left = await counts()
    for (const { name } of siteTables) assert.equal(left[name]?.[removedSite], undefined, name)
  })
})
