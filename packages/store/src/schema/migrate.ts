import { createHash } from 'node:crypto'
import type { Connection } from '../engine/connection.ts'
import type { Migration } from './migration.ts'
import { StoreError } from '../store-error.ts'

/** A step of the schema, and when it ran. */
export interface MigrationStep {
  readonly id: number
  readonly name: string
  /** SHA-256 of its statements' text, hex. */
  readonly checksum: string
  /** When it ran; null if it has not run. */
  readonly appliedAt: Date | null
}

/**
 * Returns all steps, in order, with the times at which they ran. Changes nothing.
 * @throws {StoreError} `migration-mismatch` when the database has a step that this version lacks, or another text of
 * one; `damaged` when the record of a step is missing, because no step may run twice
 */
export async function migrationSteps(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<MigrationStep[]> {
  const applied = await appliedSteps(connection)
  const newest = Math.max(0, ...applied.keys())
  if (newest > migrations.length) {
    throw new StoreError(
      'migration-mismatch',
      `the database is at step ${newest}, this version knows ${migrations.length}`,
    )
  }
  const forgotten = migrations.find(({ id }) => id < newest && !applied.has(id))
  if (forgotten !== undefined) {
    throw new StoreError(
      'damaged',
      `the measurements are damaged: the record that step ${forgotten.id} of the schema ran is missing. Restore a backup into an empty folder with ./peerpress restore`,
    )
  }
  return migrations.map(({ id, name, statements }) => {
    const checksum = createHash('sha256').update(statements.join(';\n')).digest('hex')
    const known = applied.get(id)
    if (known !== undefined && known.checksum !== checksum) {
      throw new StoreError('migration-mismatch', `step ${id} (${name}) has changed since it ran`)
    }
    return { id, name, checksum, appliedAt: known?.appliedAt ?? null }
  })
}

/**
 * Runs the missing steps of `migrations`, forward only. Resolves to the steps that it ran.
 * @throws {StoreError} `migration-mismatch`
 */
export async function migrate(
  connection: Connection,
  migrations: readonly Migration[],
): Promise<MigrationStep[]> {
  const left = (await migrationSteps(connection, migrations)).filter(({ appliedAt }) => appliedAt === null)
  if (left.length > 0) await connection.command(stepsTable)
  for (const { id, name, checksum } of left) {
    const statements = migrations.find((migration) => migration.id === id)?.statements ?? []
    for (const statement of statements) await connection.command(statement)
    await insertSteps(connection, [{ id, name, checksum }], `migration-${id}`)
  }
  return left
}

/** Records that all steps ran, in one insert: none of them is ever known without the others. */
export async function recordSteps(connection: Connection, steps: readonly MigrationStep[]): Promise<void> {
  await insertSteps(connection, steps, 'migrations')
}

async function insertSteps(
  connection: Connection,
  steps: readonly Pick<MigrationStep, 'id' | 'name' | 'checksum'>[],
  token: string,
): Promise<void> {
  const lines = steps.map(({ id, name, checksum }) => `${JSON.stringify({ id, name, checksum })}\n`)
  await connection.insert({ table: 'migrations', rows: Buffer.from(lines.join('')), token })
}

const stepsTable = `
CREATE TABLE IF NOT EXISTS migrations (id UInt32, name String, checksum String, applied_at DateTime DEFAULT now())
ENGINE = ReplacingMergeTree ORDER BY id SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

interface AppliedStep {
  readonly checksum: string
  readonly appliedAt: Date
}

async function appliedSteps(connection: Connection): Promise<Map<number, AppliedStep>> {
  const [table] = await connection.query(
    "SELECT count() AS n FROM system.tables WHERE database = currentDatabase() AND name = 'migrations'",
    {},
  )
  if (Number(table?.['n']) === 0) return new Map()
  const rows = await connection.query(
    'SELECT id, checksum, toUnixTimestamp(applied_at) AS seconds FROM migrations FINAL',
    {},
  )
  return new Map(
    rows.map(({ id, checksum, seconds }) => [
      Number(id),
      { checksum: String(checksum), appliedAt: new Date(Number(seconds) * 1000) },
    ]),
  )
}
