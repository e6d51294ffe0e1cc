import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { AssetId } from '@peerpress/wire'
import type { Database, Sql } from '../engines/database.ts'
import { backedUpTables, rowsOf } from './backed-up-tables.ts'

/** An asset or a page that a publication names. */
export interface NamedAsset {
  readonly id: AssetId
  /** bytes */
  readonly size: number
  /** bytes; null for a page, which is one chunk. */
  readonly chunkSize: number | null
}

/** Describes the files that hold the records of one moment. */
export interface RegistryDump {
  /** The schema step that wrote the rows. */
  readonly schema: number
  /** The number of rows of each table, in the order in which they are restored. */
  readonly tables: Readonly<Record<string, number>>
  /** Names of the files in the directory. */
  readonly files: readonly string[]
}

/** The file of unfinished jobs. */
export const jobsFile = 'jobs.ndjson'

/** Rows per read. An envelope may have 8 MiB, so more rows would take too much memory. */
const rowsAtOnce = 16

/**
 * Writes the records of one moment into files with one JSON object per row. `within` is called with the assets that the
 * publications of that moment name. An embedded database does not change until `within` has resolved.
 */
export function dumpRegistry(
  database: Database,
  directory: string,
  within: (assets: readonly NamedAsset[]) => Promise<void>,
): Promise<RegistryDump> {
  return database.transaction(async (sql) => {
    await sql.query('set transaction isolation level repeatable read read only')
    const [step] = await sql.query<{ version: number }>(
      'select coalesce(max(version), 0)::int as version from peerpress.migration',
    )
    const tables: Record<string, number> = {}
    for (const table of await backedUpTables(sql)) {
      const rows = `select * from peerpress.${table} ${rowsOf[table] ?? ''}`
      const select = `select row_to_json(backed_up)::text as row from (${rows}) backed_up`
      tables[table] = await dumpRows(sql, select, join(directory, fileOf(table)))
    }
    const hasJobs = await sql.query<{ jobs: string | null }>(
      `select to_regclass('peerpress_jobs.job')::text as jobs`,
    )
    const jobs = hasJobs[0]?.jobs == null ? `select null::text as row where false` : unfinishedJobs
    await dumpRows(sql, jobs, join(directory, jobsFile))
    await within(await namedAssets(sql))
    return { schema: step?.version ?? 0, tables, files: [...Object.keys(tables).map(fileOf), jobsFile] }
  })
}

/** Returns the name of a table's file. */
export function fileOf(table: string): string {
  return `${table}.ndjson`
}

const unfinishedJobs = `
select json_build_object('name', name, 'key', singleton_key, 'data', data)::text as row from peerpress_jobs.job
where state in ('created', 'retry', 'active') and singleton_key is not null and name not like '\\_\\_%'`

async function dumpRows(sql: Sql, select: string, path: string): Promise<number> {
  await using file = await open(path, 'wx', 0o600)
  let rows = 0
  await sql.query(`declare backup no scroll cursor for ${select}`)
  for (;;) {
    const some = await sql.query<{ row: string }>(`fetch ${rowsAtOnce} from backup`)
    if (some.length === 0) break
    await write(file, some)
    rows += some.length
  }
  await sql.query('close backup')
  return rows
}

async function write(file: FileHandle, rows: readonly { readonly row: string }[]): Promise<void> {
  for (const { row } of rows) await file.writeFile(`${row}\n`)
}

async function namedAssets(sql: Sql): Promise<NamedAsset[]> {
  const rows = await sql.query<{ id: AssetId; size: string | number; chunk_size: number | null }>(
    `select id, size, chunk_size from peerpress.asset ${rowsOf['asset']}
     union all select distinct snapshot, snapshot_size::bigint, null::int from peerpress.post
     where snapshot is not null and snapshot not in (select id from peerpress.asset ${rowsOf['asset']})`,
  )
  return rows.map(({ id, size, chunk_size }) => ({ id, size: Number(size), chunkSize: chunk_size }))
}
