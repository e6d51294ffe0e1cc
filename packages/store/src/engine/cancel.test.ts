import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connection } from './connection.ts'
import { connectEmbedded } from './embedded/embedded-connection.ts'
import { openHttpFace } from './server/http-face.testing.ts'
import { connectToServer } from './server/server-connection.ts'
import { StoreError } from '../store-error.ts'

const limits = { queryTime: 600_000, memory: 2 * 1024 ** 3 }
/** Runs for hours unless it is killed. */
const endless = 'SELECT sum(sipHash64(number)) AS s FROM numbers(1000000000000)'
/** Those that run in the engine. */
const running =
  "SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64%' AND query NOT LIKE '%system.processes%'"

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
  describe(`cancelling on ${engine}`, { timeout: 120_000 }, () => {
    let directory: string
    let opened: Opened
    let connection: Connection

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'cancel-'))
      opened = await open(directory)
      connection = opened.connection
      await connection.command('CREATE TABLE copied (s UInt64) ENGINE = MergeTree ORDER BY s')
    })
    after(async () => {
      await opened.close()
      await rm(directory, { recursive: true, force: true })
    })

    /** How many SELECTs the engine has begun in its life, this one among them. */
    const begun = async () => {
      const [row] = await connection.query(
        "SELECT value AS n FROM system.events WHERE event = 'SelectQuery'",
        {},
        { caller: 'counting' },
      )
      return Number(row?.['n'])
    }

    test('of a hundred abandoned queries none runs on, and the next reader is answered', async () => {
      const ranBefore = await begun()
      const leaving = new AbortController()
      const abandoned = Array.from({ length: 100 }, () =>
        assert.rejects(
          connection.query(endless, {}, { caller: 'dear', signal: leaving.signal }),
          hasCode('aborted'),
        ),
      )
      // An answer to somebody else would prove that a dear query has run to its end.
      const next = connection.query(running, {}, { caller: 'next' })
      leaving.abort()
      await Promise.all(abandoned)
      assert.deepEqual(await next, [{ n: 0 }])
      const ran = (await begun()) - ranBefore
      // Those that had a place when they were abandoned, the next reader and the count.
      assert.ok(ran <= 8 + 2, `${ran} queries were begun`)
    })

    test('a statement that copies is cancelled, and writes nothing more', async () => {
      const leaving = new AbortController()
      const copy = assert.rejects(
        connection.command(`INSERT INTO copied ${endless}`, { signal: leaving.signal }),
        hasCode('aborted'),
      )
      leaving.abort()
      await copy
      await connection.insert({ table: 'copied', rows: Buffer.from('{"s":7}\n'), token: 'after' })
      assert.deepEqual(await connection.query('SELECT s FROM copied', {}), [{ s: 7 }])
    })

    test('a call whose caller has left already is not begun', async () => {
      const signal = AbortSignal.abort()
      await assert.rejects(connection.query('SELECT 1', {}, { signal }), hasCode('aborted'))
    })
  })
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}
