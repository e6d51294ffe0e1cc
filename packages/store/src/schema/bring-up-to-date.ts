import type { StoreLocation } from '../engine/connect.ts'
import type { Connection } from '../engine/connection.ts'
import { type MigrationStep, migrate, migrationSteps, recordSteps } from './migrate.ts'
import { migrations } from './migrations.ts'
import { readPreparedTables } from './prepared-tables.ts'

/**
 * Brings the schema of a store up to date. Resolves to the steps that were missing.
 * @throws {StoreError} as {@link migrate} does
 */
export async function bringUpToDate(
  connection: Connection,
  location: StoreLocation,
): Promise<readonly MigrationStep[]> {
  return 'directory' in location ? bringEmbeddedUpToDate(connection) : migrate(connection, migrations)
}

/**
 * Brings the schema of an embedded engine's database up to date. A new database gets its tables by the statements that the
 * build prepared, one for each, because the engine takes a second or two for the steps one after another.
 * @throws {StoreError} as {@link migrate} does
 */
export async function bringEmbeddedUpToDate(connection: Connection): Promise<readonly MigrationStep[]> {
  const steps = await migrationSteps(connection, migrations)
  const isNew = steps.every(({ appliedAt }) => appliedAt === null) && (await hasNothing(connection))
  const statements = isNew ? await readPreparedTables() : null
  if (statements === null) return migrate(connection, migrations)
  // A start that was killed half way leaves tables without rows, perhaps those of an older version.
  for (const name of await tablesOf(connection)) await connection.command(`DROP TABLE ${name}`)
  for (const statement of statements) await connection.command(statement)
  await recordSteps(connection, steps)
  return steps
}

/** Whether no table has a row. A part that the engine has set aside because it is damaged has rows that can be saved. */
async function hasNothing(connection: Connection): Promise<boolean> {
  const [found] = await connection.query(
    `SELECT (SELECT sum(total_rows) FROM system.tables WHERE database = currentDatabase()) AS stored,
      (SELECT count() FROM system.detached_parts WHERE database = currentDatabase()) AS set_aside`,
    {},
  )
  return Number(found?.['stored'] ?? 0) === 0 && Number(found?.['set_aside'] ?? 0) === 0
}

/** Views come first: they depend on tables. */
async function tablesOf(connection: Connection): Promise<string[]> {
  const rows = await connection.query(
    "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY engine != 'MaterializedView', name",
    {},
  )
  return rows.map(({ name }) => String(name))
}
