import { createHash } from 'node:crypto'
import type { Connection } from './connection.ts'
import type { Migration } from './migrations.ts'
import { StoreError } from './store-error.ts'

/**
 * Brings the database to the newest step of `migrations`; forward only.
 * @throws {StoreError} `migration-mismatch` when the database knows a step that the code doesn't, or another text of one
 */
export async function migrate(connection: Connection, migrations: readonly Migration[]): Promise<void> {
  await connection.command(`
    CREATE TABLE IF NOT EXISTS migrations (id UInt32, name String, checksum String, applied_at DateTime DEFAULT now())
    ENGINE = ReplacingMergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`)
  const rows = await connection.query('SELECT id, checksum FROM migrations FINAL', {})
  const applied = new Map(rows.map(({ id, checksum }) => [Number(id), String(checksum)]))
  const newest = Math.max(0, ...applied.keys())
  if (newest > migrations.length) {
    throw new StoreError(
      'migration-mismatch',
      `the database is at step ${newest}, this version knows ${migrations.length}`,
    )
  }
  for (const migration of migrations) {
    const checksum = createHash('sha256').update(migration.statements.join(';\n')).digest('hex')
    const known = applied.get(migration.id)
    if (known === checksum) continue
    if (known !== undefined) {
      throw new StoreError(
        'migration-mismatch',
        `step ${migration.id} (${migration.name}) has changed since it ran`,
      )
    }
    for (const statement of migration.statements) await connection.command(statement)
    await connection.insert({
      table: 'migrations',
      rows: Buffer.from(`${JSON.stringify({ id: migration.id, name: migration.name, checksum })}\n`),
      token: `migration-${migration.id}`,
    })
  }
}
