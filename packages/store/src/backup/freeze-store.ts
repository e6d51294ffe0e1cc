import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection } from '../engine/connection.ts'
import { migrations } from '../schema/migrations.ts'
import { migrationSteps } from '../schema/migrate.ts'
import { StoreError } from '../store-error.ts'

/** A file of a part of a table. */
export interface PartFile {
  readonly table: string
  readonly part: string
  readonly name: string
  readonly path: string
  /** bytes */
  readonly size: number
}

/** A store at one moment: hard links to the files of its parts, which never change. */
export interface FrozenStore {
  /** The schema's step of the tables. */
  readonly step: number
  /** Number of rows of each table, including replaced ones. */
  readonly rows: Readonly<Record<string, number>>
  readonly files: readonly PartFile[]
  /** Removes the links. */
  release(): Promise<void>
}

/**
 * Freezes all tables of an embedded store except the list of its schema's steps. Nothing may be written meanwhile.
 * Merges may run, because they change no row that counts.
 * @throws {StoreError} `query-failed`, `unavailable`
 */
export async function freezeStore(connection: Connection, directory: string): Promise<FrozenStore> {
  await removeFrozen(directory)
  try {
    const steps = await migrationSteps(connection, migrations)
    const tables = await backedUpTables(connection)
    for (const { name } of tables) {
      await connection.command(`ALTER TABLE ${name} FREEZE WITH NAME '${frozenName}'`)
    }
    const files: PartFile[] = []
    const rows: Record<string, number> = {}
    for (const { name, path } of tables) {
      const parts = await partsOf(name, join(frozenDirectory(directory), frozenName, path))
      files.push(...parts.files)
      rows[name] = parts.rows
    }
    const step = Math.max(0, ...steps.filter(({ appliedAt }) => appliedAt !== null).map(({ id }) => id))
    return { step, rows, files, release: () => removeFrozen(directory) }
  } catch (error) {
    await removeFrozen(directory)
    if (error instanceof StoreError) throw error
    throw new StoreError('unavailable', `${directory} cannot be frozen: ${String(error)}`, { cause: error })
  }
}

/** Removes the links of a killed process. They occupy the space of parts that were merged since. */
export async function removeFrozen(directory: string): Promise<void> {
  await rm(frozenDirectory(directory), { recursive: true, force: true })
}

/** A table with rows of its own, and its folder within the store's. */
export interface StoredTable {
  readonly name: string
  readonly path: string
}

/** All tables in a backup. */
export async function backedUpTables(connection: Connection): Promise<StoredTable[]> {
  const rows = await connection.query(
    `SELECT name, data_paths[1] AS path FROM system.tables
WHERE database = currentDatabase() AND engine LIKE '%MergeTree' AND name != 'migrations' ORDER BY name`,
    {},
  )
  return rows.map((row) => ({
    name: String(row['name']),
    // The engine knows the folder under its own name of the directory, whatever the server's name for it is.
    path: /(?:store|data)\/[^/]+\/[^/]+\/?$/.exec(String(row['path']))?.[0] ?? '',
  }))
}

const frozenName = 'backup'

function frozenDirectory(directory: string): string {
  return join(directory, 'shadow')
}

async function partsOf(
  table: string,
  directory: string,
): Promise<{ readonly files: PartFile[]; readonly rows: number }> {
  const parts = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    // The table has no rows.
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files: PartFile[] = []
  let rows = 0
  for (const part of parts) {
    for (const name of await readdir(join(directory, part))) {
      const path = join(directory, part, name)
      files.push({ table, part, name, path, size: (await stat(path)).size })
    }
    rows += Number(await readFile(join(directory, part, 'count.txt'), 'utf8'))
  }
  return { files, rows }
}
