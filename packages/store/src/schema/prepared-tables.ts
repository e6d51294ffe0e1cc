import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Connection } from '../engine/connection.ts'
import { migrations } from './migrations.ts'

/** The file of the statements, which the build of this package writes. */
export const preparedTablesFile: URL = new URL('../../dist/new-tables.json', import.meta.url)

/** The statements that create all tables as the steps of the schema leave them. */
export interface PreparedTables {
  /** Of the steps: {@link digestOfSteps}. */
  readonly steps: string
  /** In an order in which they can run. */
  readonly statements: readonly string[]
}

/** Returns the prepared statements; null when there are none, and when they are those of other steps. */
export async function readPreparedTables(): Promise<readonly string[] | null> {
  const text = await readFile(preparedTablesFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const { steps, statements } = JSON.parse(text) as PreparedTables
  return steps === digestOfSteps() ? statements : null
}

/** Returns the SHA-256 of all steps, base64. */
export function digestOfSteps(): string {
  return createHash('sha256').update(JSON.stringify(migrations)).digest('base64')
}

/** Returns the statements that create the tables of a database: tables, then the views that fill some from others. */
export async function tableStatements(connection: Connection): Promise<string[]> {
  const rows = await connection.query(
    `SELECT create_table_query AS statement, currentDatabase() AS prefix FROM system.tables
    WHERE database = currentDatabase() ORDER BY engine = 'MaterializedView', name`,
    {},
  )
  return rows.map(({ statement, prefix }) => String(statement).replaceAll(`${String(prefix)}.`, ''))
}
