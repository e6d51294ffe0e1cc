import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import { mutationsDone } from '../ingest/mutations.ts'
import { quoted } from '../model/quoted.ts'
import { createRetention } from './retention.ts'
import { ndjson, sampleRows } from '../random-rows.testing.ts'
import { siteTables } from '../model/site-tables.ts'
import { StoreError } from '../store-error.ts'
import { hashOfView } from '../model/view-place.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'

const day = 86_400_000
const dated = siteTables.filter((table) => table.day !== null)

describe('retention', { timeout: 120_000 }, () => {
  let directory: string
  let opened: Connection | undefined
  const connection = () => opened as Connection

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'retention-'))
    opened = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    await bringEmbeddedUpToDate(opened)
  })
  after(async () => {
    await opened?.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Inserts a row of the site into every table, for each of these ages in days. */
  async function write(site: string, written: readonly number[]): Promise<void> {
    const [row] = sampleRows(1)
    for (const age of written) {
      const at = rowTime(Date.now() - age * day)
      const view = `00000000-0000-4000-8000-${String(age).padStart(12, '0')}`
      const snapshot: ViewRow = { ...row!, site, view, started_at: at, received_at: at }
      await connection().insert({ table: 'snapshots', rows: ndjson([snapshot]), token: `${site} ${age}` })
      await connection().command(`ALTER TABLE arrivals UPDATE received_on = today() - ${age}
        WHERE site = ${quoted(site)} AND view_hash = (WITH toUUID('${view}') AS view SELECT ${hashOfView}) SETTINGS mutations_sync = 1`)
      const { sequence, arm } = snapshot
      const bot = { site, view, sequence, arm, started_at: at, received_at: at, sign: 'agent', snapshot: '' }
      const drop = { site, hour: at.slice(0, 19), reason: 'bot', run: view, beacons: 1 }
      const hour = `${at.slice(0, 13)}:00:00`
      const rollup = { site, slice: 'all', arm, cell: hour, generation: 1 }
      const rows = {
        bots: bot,
        drops: drop,
        hours: { ...rollup, hour },
        days: { ...rollup, day: `${at.slice(0, 10)} 00:00:00` },
      }
      for (const [table, value] of Object.entries(rows)) {
        await connection().insert({
          table,
          rows: Buffer.from(`${JSON.stringify(value)}\n`),
          token: `${site} ${age}`,
        })
      }
    }
  }

  /** Returns the ages in days of the site's rows in each table, after all possible merges. */
  async function ages(site: string): Promise<Record<string, number[]>> {
    const found: Record<string, number[]> = {}
    for (const table of dated) {
      await mutationsDone(connection(), table.name)
      await connection().command(`OPTIMIZE TABLE ${table.name} FINAL`)
      const rows = await connection().query(
        `SELECT dateDiff('day', ${table.day}, today()) AS age FROM ${table.name} WHERE site = {site:String} ORDER BY age`,
        { site },
      )
      found[table.name] = rows.map((row) => Number(row['age']))
    }
    return found
  }
  const everywhere = (days: readonly number[]) => Object.fromEntries(dated.map(({ name }) => [name, days]))

  test("every table drops rows that are older than the default or their site's retention time", async () => {
    const retention = createRetention(connection(), 400)
    await retention.apply()
    const written = [1, 20, 300, 390, 410]
    await write('a', written)
    await write("it's \\b", written)
    assert.deepEqual(await ages('a'), everywhere([1, 20, 300, 390]))

    await retention.retain('a', 30)
    assert.deepEqual(await ages('a'), everywhere([1, 20]))
    assert.deepEqual(await ages("it's \\b"), everywhere([1, 20, 300, 390]))
    await retention.retain("it's \\b", 350)
    assert.deepEqual(await ages("it's \\b"), everywhere([1, 20, 300]))
    assert.deepEqual([await retention.daysOf('a'), await retention.daysOf('c')], [30, 400])

    // Rows that arrive again from a log are dropped like the rest.
    await write('a', [25, 35])
    assert.deepEqual(await ages('a'), everywhere([1, 20, 25]))

    await retention.retain('a', null)
    await retention.retain("it's \\b", null)
    await write('a', [380])
    assert.deepEqual(await ages('a'), everywhere([1, 20, 25, 380]))
    assert.equal(await retention.daysOf('a'), 400)
  })

  test('a retention in force is not applied again, and a changed default is', async () => {
    const count = async () => {
      const [row] = await connection().query('SELECT count() AS n FROM system.mutations', {})
      return Number(row?.['n'])
    }
    const retention = createRetention(connection(), 100)
    await retention.retain("it's \\b", 10)
    const soFar = await count()
    await createRetention(connection(), 100).apply()
    assert.equal(await count(), soFar)
    await createRetention(connection(), 99).apply()
    assert.equal(await count(), soFar + dated.length)
  })

  test('the longest retention drops nothing', async () => {
    const retention = createRetention(connection(), 400)
    await retention.retain('long', 36_500)
    await write('long', [0, 3000])
    assert.deepEqual(await ages('long'), everywhere([0, 3000]))
  })

  test('refuses an invalid number of days', async () => {
    const retention = createRetention(connection(), 400)
    for (const days of [0, -1, 1.5, Number.NaN, 36_501]) {
      await assert.rejects(
        retention.retain('a', days),
        (error) => error instanceof StoreError && error.code === 'bad-query',
      )
    }
  })
})
