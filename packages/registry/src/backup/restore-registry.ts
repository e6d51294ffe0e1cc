import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Database } from '../engines/database.ts'
import { createJobs } from '../jobs/jobs.ts'
import { latestSchema, migrate } from '../schema/migrate.ts'
import { openDatabase } from '../engines/open-database.ts'
import type { RegistryLocation } from '../engines/registry-location.ts'
import { RegistryError } from '../registry-error.ts'
import { fileOf, jobsFile, type RegistryDump } from './dump-registry.ts'

/** Characters of rows per insert. */
const lengthAtOnce = 1024 * 1024

/**
 * Inserts the records of a dump into an empty database, migrates them to this release's tables, and enqueues the unfinished
 * jobs. They run after the registry is opened.
 * @throws {RegistryError} `not-empty`, `newer-database`, `locked`
 */
export async function restoreRegistry(
  location: RegistryLocation,
  directory: string,
  { schema, tables }: Pick<RegistryDump, 'schema' | 'tables'>,
): Promise<void> {
  if (schema > latestSchema) {
    throw new RegistryError(
      'newer-database',
      `the backup's records are at version ${schema}, this release knows ${latestSchema}: update PeerPress`,
    )
  }
  const database = await openDatabase(location, { isEmpty: true })
  try {
    await requireEmpty(database)
    await migrate(database, schema)
    for (const table of Object.keys(tables))
      await restoreRows(database, table, join(directory, fileOf(table)))
    await migrate(database)
    await restoreJobs(database, join(directory, jobsFile))
  } finally {
    await database.close()
  }
}

async function requireEmpty(database: Database): Promise<void> {
  const schemas = await database.query(
    `select 1 from pg_namespace where nspname in ('peerpress', 'peerpress_jobs')`,
  )
  if (schemas.length > 0) {
    throw new RegistryError(
      'not-empty',
      'the database has records of PeerPress already: restore into an empty one',
    )
  }
}

async function restoreRows(database: Database, table: string, path: string): Promise<void> {
  if (!/^[a-z_]+$/.test(table)) throw new RegistryError('not-empty', `"${table}" is no table`)
  await database.transaction(async (sql) => {
    for await (const rows of batches(path)) {
      const insert = `insert into peerpress.${table} select * from json_populate_recordset(null::peerpress.${table}, ($1::text)::json)`
      await sql.query(insert, [`[${rows.join(',')}]`])
    }
  })
}

async function restoreJobs(database: Database, path: string): Promise<void> {
  const jobs = createJobs(database)
  try {
    for await (const rows of batches(path)) {
      for (const row of rows)
        await jobs.enqueue(JSON.parse(row) as { name: string; key: string; data: object })
    }
  } finally {
    await jobs.stop()
  }
}

async function* batches(path: string): AsyncGenerator<string[]> {
  let rows: string[] = []
  let length = 0
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    rows.push(line)
    length += line.length
    if (length < lengthAtOnce) continue
    yield rows
    rows = []
    length = 0
  }
  if (rows.length > 0) yield rows
}
