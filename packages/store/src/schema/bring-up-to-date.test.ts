import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { bringEmbeddedUpToDate } from './bring-up-to-date.ts'
import { migrate, migrationSteps } from './migrate.ts'
import { migrations } from './migrations.ts'
import { readPreparedTables, tableStatements } from './prepared-tables.ts'

describe('the tables of a new database', { timeout: 120_000 }, () => {
  let root: string
  let connection: Connection
  let prepared: readonly string[]

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'newest-tables-'))
    prepared = (await readPreparedTables()) ?? assert.fail('run the build: npx turbo run build')
    connection = await open('new')
  })
  after(async () => {
    await connection.close()
    await rm(root, { recursive: true, force: true })
  })
  const open = (name: string) =>
    connectEmbedded(join(root, name), { queryTime: 30_000, memory: 2 * 1024 ** 3 })

  test('are those that the steps leave', async () => {
    const stepped = await open('stepped')
    try {
      await migrate(stepped, migrations)
      assert.deepEqual(await tableStatements(stepped), prepared)
    } finally {
      await stepped.close()
    }
  })

  test('are there once, with all steps recorded, also after a start that was killed half way', async () => {
    // What an older version may have left: a table that has another form now, and no record of any step.
    await connection.command('CREATE TABLE views (site String) ENGINE = MergeTree ORDER BY site')
    await connection.command('CREATE TABLE days (site String) ENGINE = MergeTree ORDER BY site')
    const ran = await bringEmbeddedUpToDate(connection)
    assert.equal(ran.length, migrations.length)
    assert.deepEqual(await tableStatements(connection), prepared)
    const steps = await migrationSteps(connection, migrations)
    assert.ok(steps.every(({ appliedAt }) => appliedAt !== null))
    assert.deepEqual(await bringEmbeddedUpToDate(connection), [])
  })

  test('a database whose only part was set aside, as a damaged one is, keeps it', async () => {
    const found = await open('set-aside')
    try {
      await found.command('CREATE TABLE retention (site String) ENGINE = MergeTree ORDER BY site')
      await found.insert({ table: 'retention', rows: Buffer.from('{"site":"kept"}\n'), token: 'kept' })
      await found.command("ALTER TABLE retention DETACH PART 'all_1_1_0'")
      assert.deepEqual(await found.query('SELECT site FROM retention', {}), [])
      await bringEmbeddedUpToDate(found).catch(() => undefined)
      await found.command("ALTER TABLE retention ATTACH PART 'all_1_1_0'")
      assert.deepEqual(await found.query('SELECT site FROM retention', {}), [{ site: 'kept' }])
    } finally {
      await found.close()
    }
  })

  test('a database that has rows but no record of its steps loses none of them', async () => {
    const found = await open('unrecorded')
    try {
      await found.command('CREATE TABLE retention (site String) ENGINE = MergeTree ORDER BY site')
      await found.insert({ table: 'retention', rows: Buffer.from('{"site":"kept"}\n'), token: 'kept' })
      await bringEmbeddedUpToDate(found).catch(() => undefined)
      assert.deepEqual(await found.query('SELECT site FROM retention', {}), [{ site: 'kept' }])
    } finally {
      await found.close()
    }
  })
})
