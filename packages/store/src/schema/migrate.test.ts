import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { migrate, migrationSteps } from './migrate.ts'
import type { Migration } from './migration.ts'
import { StoreError } from '../store-error.ts'

const table = (id: number): Migration => ({
  id,
  name: `t${id}`,
  statements: [`CREATE TABLE IF NOT EXISTS t${id} (a UInt8) ENGINE = MergeTree ORDER BY a`],
})

describe('migrations', { timeout: 60_000 }, () => {
  let directory: string
  let connection: Connection | undefined

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'migrate-'))
    connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
  })
  after(async () => {
    await connection?.close()
    await rm(directory, { recursive: true, force: true })
  })
  const open = () => connection as Connection

  test('looking at an empty database changes nothing', async () => {
    const found = await migrationSteps(open(), [table(1)])
    assert.deepEqual(
      found.map(({ id, name, appliedAt }) => ({ id, name, appliedAt })),
      [{ id: 1, name: 't1', appliedAt: null }],
    )
    assert.deepEqual(
      await open().query('SELECT name FROM system.tables WHERE database = currentDatabase()', {}),
      [],
    )
  })

  test('each step runs once, in order, also after a crash half way', async () => {
    await migrate(open(), [table(1)])
    await open().insert({ table: 't1', rows: Buffer.from('{"a":1}\n'), token: 'kept' })
    // The second step's statement ran, its record did not get written.
    await open().command(table(2).statements[0] ?? '')
    const found = await migrationSteps(open(), [table(1), table(2)])
    assert.deepEqual(
      found.map(({ id, appliedAt }) => [id, appliedAt !== null]),
      [
        [1, true],
        [2, false],
      ],
    )
    assert.ok(Math.abs(Number(found[0]?.appliedAt) - Date.now()) < 60_000)
    const ran = await migrate(open(), [table(1), table(2)])
    assert.deepEqual(
      ran.map(({ id }) => id),
      [2],
    )
    assert.deepEqual(await migrate(open(), [table(1), table(2)]), [])
    const steps = await open().query('SELECT id, name FROM migrations FINAL ORDER BY id', {})
    assert.deepEqual(steps, [
      { id: 1, name: 't1' },
      { id: 2, name: 't2' },
    ])
    assert.deepEqual(await open().query('SELECT a FROM t1', {}), [{ a: 1 }])
  })

  test('a step that was changed after it ran is refused', async () => {
    const changed = { ...table(2), statements: ['SELECT 1'] }
    await assert.rejects(migrate(open(), [table(1), changed]), hasCode('migration-mismatch'))
  })

  test('a database of a newer version is refused', async () => {
    await assert.rejects(migrate(open(), [table(1)]), hasCode('migration-mismatch'))
  })
})

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}
