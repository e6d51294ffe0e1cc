import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { after, before, describe, test } from 'node:test'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { exportViews } from './export-views.ts'
import { openHttpFace } from '../engine/server/http-face.testing.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import { quoted } from '../model/quoted.ts'
import { ndjson, range, sampleRows } from '../random-rows.testing.ts'
import { connectToServer } from '../engine/server/server-connection.ts'
import { StoreError } from '../store-error.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'

const limits = { queryTime: 30_000, memory: 2 * 1024 ** 3 }
const site = 'aaaaaaaaaaaaaaaa'

interface Opened {
  readonly connection: Connection
  close(): Promise<void>
}

const engines: Readonly<Record<string, (directory: string) => Promise<Opened>>> = {
  'the embedded engine': async (directory) => {
    const connection = await connectEmbedded(directory, limits)
    return { connection, close: () => connection.close() }
  },
  "a server's HTTP interface": async (directory) => {
    const face = await openHttpFace(directory)
    const connection = connectToServer({ url: face.url }, limits)
    return {
      connection,
      close: async () => {
        await connection.close()
        await face.close()
      },
    }
  },
}

for (const [engine, open] of Object.entries(engines)) {
  describe(`export from ${engine}`, { timeout: 180_000 }, () => {
    let directory: string
    let opened: Opened
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'export-'))
      opened = await open(join(directory, 'store'))
      await bringEmbeddedUpToDate(opened.connection)
    })
    after(async () => {
      await opened.close()
      await rm(directory, { recursive: true, force: true })
    })

    async function exported(name: string, of = { site, ...range }): Promise<{ path: string; views: number }> {
      const path = join(directory, name)
      const { views, parquet } = await exportViews(opened.connection, of)
      await pipeline(parquet, createWriteStream(path))
      return { path, views }
    }

    test('the file has every view of the site and range once, with all values of its last snapshot', async () => {
      const rows = sampleRows(600).map((row, index) =>
        index % 2 ? row : { ...row, view: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
      )
      await opened.connection.insert({ table: 'snapshots', rows: ndjson(rows), token: 'a' })
      const later = rows
        .slice(0, 200)
        .map((row) => ({ ...row, sequence: 60_000, url: 'https://example.org/ü?später' }))
      await opened.connection.insert({ table: 'snapshots', rows: ndjson(later), token: 'b' })
      const { path, views } = await exported('views.parquet')
      assert.ok(views > 50)
      const bytes = await readFile(path)
      assert.deepEqual([bytes.subarray(0, 4).toString(), bytes.subarray(-4).toString()], ['PAR1', 'PAR1'])

      const columns = await opened.connection.query(
        "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'snapshots' AND default_kind != 'MATERIALIZED' ORDER BY position",
        {},
      )
      const names = columns.map(({ name }) => String(name))
      const cells = names.map(
        (name) => `toJSONString(${name === 'view' || name === 'session' ? `toString(${name})` : name})`,
      )
      const stored = await opened.connection.query(
        `SELECT ${cells.join(` || '|' || `)} AS row FROM snapshots FINAL WHERE site = {site:String}
          AND started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')} ORDER BY view`,
        { site, from: rowTime(+range.from), to: rowTime(+range.to) },
      )
      const fromFile = await opened.connection.query(
        `SELECT ${cells.join(` || '|' || `)} AS row FROM file(${quoted(path)}, Parquet) ORDER BY toUUID(view)`,
        {},
      )
      assert.equal(fromFile.length, views)
      assert.deepEqual(fromFile, stored)
    })

    test('an export without views is a readable file with all columns', async () => {
      const { path, views } = await exported('none.parquet', { site: 'cccccccccccccccc', ...range })
      assert.equal(views, 0)
      const [row] = await opened.connection.query(
        `SELECT count() AS rows, count(lcp) AS measured FROM file(${quoted(path)}, Parquet)`,
        {},
      )
      assert.deepEqual(row, { rows: 0, measured: 0 })
    })

    test('refuses an invalid range', async () => {
      await assert.rejects(
        exportViews(opened.connection, { site, from: range.to, to: range.from }),
        (error) => error instanceof StoreError && error.code === 'bad-query',
      )
    })
  })
}

describe('a large export', { timeout: 300_000 }, () => {
  let directory: string
  let connection: Connection
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'export-large-'))
    connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 1024 ** 3 })
    await bringEmbeddedUpToDate(connection)
    const [row] = sampleRows(1)
    const at = rowTime(+range.from)
    const template: ViewRow = { ...row!, site, started_at: at, received_at: at }
    await connection.insert({ table: 'snapshots', rows: ndjson([template]), token: 'one' })
    await connection.command(`INSERT INTO snapshots
      SELECT one.* REPLACE (generateUUIDv7(number) AS view, toString(sipHash64(number)) AS url)
      FROM (SELECT * FROM snapshots LIMIT 1) AS one CROSS JOIN numbers(400000) AS numbered`)
  })
  after(async () => {
    await connection.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('is streamed while reports are answered, within the memory of one query, and leaves no file', async () => {
    const { views, parquet } = await exportViews(connection, { site, ...range })
    assert.ok(views > 300_000)
    let chunks = 0
    let answeredMeanwhile = 0
    const done = new AbortController()
    const asking = (async () => {
      while (!done.signal.aborted) {
        await connection.query('SELECT 1', {})
        if (!done.signal.aborted) answeredMeanwhile++
      }
    })()
    for await (const piece of parquet) {
      assert.ok((piece as Buffer).length > 0)
      chunks++
    }
    done.abort()
    await asking
    assert.ok(chunks > 20 && answeredMeanwhile > 0)
    assert.deepEqual(await readdir(join(directory, 'exports')), [])
  })

  test('a reader that disconnects leaves no file, and the next one is served', async () => {
    const first = await exportViews(connection, { site, ...range })
    for await (const _ of first.parquet) break
    const second = await exportViews(connection, { site, ...range })
    let length = 0
    for await (const piece of second.parquet) length += (piece as Buffer).length
    assert.ok(length > 1_000_000)
    assert.deepEqual(await readdir(join(directory, 'exports')), [])
  })

  test('ends with an error when the engine crashes', async () => {
    const { parquet } = await exportViews(connection, { site, ...range })
    await assert.rejects(
      (async () => {
        for await (const _ of parquet) crash(directory)
      })(),
      (error) => error instanceof StoreError && error.code === 'engine-crashed',
    )
  })
})

function crash(directory: string): void {
  const pids = spawnSync('pgrep', ['-f', `engine-main.ts.*${directory}`], { encoding: 'utf8' }).stdout
  if (pids !== '') process.kill(Number(pids), 'SIGKILL')
}
