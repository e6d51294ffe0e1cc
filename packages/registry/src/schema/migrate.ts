import type { Database } from '../engines/database.ts'
import { RegistryError } from '../registry-error.ts'
import { steps } from './steps/steps.ts'

/** The step of the schema that this release works with. */
export const latestSchema = steps.length

/** Any number: two servers that open the same database migrate one after the other. */
const migrationLock = 4600

/**
 * Brings the database to this release's tables, or to those of an earlier `step`. Does nothing to one that is there
 * already.
 * @throws {RegistryError} `newer-database`.
 */
export async function migrate(database: Database, step = latestSchema): Promise<void> {
  await database.transaction(async (sql) => {
    await sql.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await sql.query('create schema if not exists peerpress')
    await sql.query(
      `create table if not exists peerpress.migration (
         version integer primary key, applied_at timestamptz not null default now())`,
    )
    const rows = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from peerpress.migration',
    )
    const current = rows[0]?.version ?? 0
    if (current > steps.length) {
      throw new RegistryError(
        'newer-database',
        `the database is at version ${current}, this release knows ${steps.length}: update PeerPress`,
      )
    }
    for (const [index, statements] of steps.entries()) {
      if (index < current || index >= step) continue
      // A statement ends with a line: the body of a function has semicolons within lines.
      for (const statement of statements.split(/;$/m)) {
        if (statement.trim() !== '') await sql.query(statement)
      }
      await sql.query('insert into peerpress.migration (version) values ($1)', [index + 1])
    }
  })
}
