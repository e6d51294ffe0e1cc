import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Database } from './database.ts'
import { migrate } from './migrations.ts'
import { openPglite } from './pglite.ts'

describe('migrations', { timeout: 300_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-migrations-'))
  let database: Database
  before(async () => {
    database = await openPglite(directory)
  })
  after(async () => {
    await database.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const tables = () =>
    database.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'peerpress' order by 1`,
    )

  test('applied twice, also at the same time, they change nothing the second time', async () => {
    await migrate(database)
    const expected = await tables()
    await Promise.all([migrate(database), migrate(database)])
    assert.deepEqual(await tables(), expected)
    const applied = await database.query<{ version: number }>('select version from peerpress.migration')
    assert.deepEqual(
      applied.map(({ version }) => version),
      applied.map((_, index) => index + 1),
    )
  })

  test('a database of a newer release is left alone', async () => {
    await database.query('insert into peerpress.migration (version) values (9999)')
    await assert.rejects(migrate(database), { code: 'newer-database' })
    await database.query('delete from peerpress.migration where version = 9999')
  })

  test('a transaction that throws leaves nothing', async () => {
    await assert.rejects(
      database.transaction(async (sql) => {
        await sql.query(`insert into peerpress.secret (name, value) values ('x', '')`)
        throw new Error('no')
      }),
      /no/,
    )
    assert.deepEqual(await database.query('select name from peerpress.secret'), [])
  })
})
