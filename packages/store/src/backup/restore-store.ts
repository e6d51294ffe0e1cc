import { copyFile, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection } from '../engine/connection.ts'
import { connect, type StoreLocation } from '../engine/connect.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import { migrate } from '../schema/migrate.ts'
import { migrations } from '../schema/migrations.ts'
import { createRemovals } from '../retention/removals.ts'
import { siteTables } from '../model/site-tables.ts'
import { StoreError } from '../store-error.ts'
import { backedUpTables, type FrozenStore } from './freeze-store.ts'

/** The source of a restored store. */
export interface StoreBackup extends Pick<FrozenStore, 'step' | 'rows' | 'files'> {
  /** The registered sites. Rows of other sites are removed, to complete removals that were running. */
  readonly sites: readonly string[]
  /** Called before each file is copied, with its size in bytes. Its error ends the restore. @default nothing */
  readonly onFile?: (size: number) => void
}

/**
 * Creates a store from a backup in a directory without a store: tables of the backup's schema, then its parts as they
 * are, then later steps of the schema. Materialized views do not see the parts, so that nothing is counted twice.
 * @throws {StoreError} `migration-mismatch` when the backup is of a newer version; `query-failed` when rows are missing
 */
export async function restoreStore(
  location: StoreLocation & { readonly directory: string },
  { step, rows, files, sites, onFile = () => {} }: StoreBackup,
): Promise<void> {
  if (step > migrations.length) {
    const known = `this version knows ${migrations.length}: update PeerPress`
    throw new StoreError('migration-mismatch', `the backup's schema is at step ${step}, ${known}`)
  }
  const connection = await connect(location)
  try {
    if (step === migrations.length) await bringEmbeddedUpToDate(connection)
    else await migrate(connection, migrations.slice(0, step))
    const paths = new Map((await backedUpTables(connection)).map(({ name, path }) => [name, path]))
    await connection.command('SYSTEM STOP MERGES')
    for (const [table, expected] of Object.entries(rows)) {
      const path = paths.get(table)
      if (path === undefined)
        throw new StoreError('query-failed', `there is no table ${table} at step ${step}`)
      const parts = Map.groupBy(
        files.filter((file) => file.table === table),
        ({ part }) => part,
      )
      await attach(connection, { table, directory: join(location.directory, path), parts, onFile })
      const [counted] = await connection.query(`SELECT count() AS rows FROM ${table}`, {})
      if (Number(counted?.['rows']) !== expected) {
        const found = `${String(counted?.['rows'])} of ${expected} rows`
        throw new StoreError('query-failed', `of table ${table} ${found} could be restored`)
      }
    }
    await connection.command('SYSTEM START MERGES')
    await migrate(connection, migrations)
    const removals = createRemovals(connection)
    for (const site of await measuredSites(connection)) {
      if (!sites.includes(site)) await removals.removeSite(site)
    }
  } finally {
    await connection.close()
  }
}

interface PartsOfTable {
  readonly table: string
  readonly directory: string
  readonly parts: ReadonlyMap<string, FrozenStore['files']>
  readonly onFile: (size: number) => void
}

/** Oldest first: of rows that are equal in key and version, the engine retains the latest. */
async function attach(
  connection: Connection,
  { table, directory, parts, onFile }: PartsOfTable,
): Promise<void> {
  const oldestFirst = [...parts].toSorted(([a], [b]) => firstBlock(a) - firstBlock(b))
  for (const [part, files] of oldestFirst) {
    if (!/^[\w-]+$/.test(part)) throw new StoreError('query-failed', `"${part}" is no name of a part`)
    const detached = join(directory, 'detached', part)
    await mkdir(detached, { recursive: true, mode: 0o700 })
    for (const { name, path, size } of files) {
      onFile(size)
      await copyDurably(path, join(detached, name))
    }
    await connection.command(`ALTER TABLE ${table} ATTACH PART '${part}'`)
    await rm(detached, { recursive: true, force: true })
  }
}

/** A part's name consists of its partition and its first and last block. */
function firstBlock(part: string): number {
  return Number(part.split('_')[1])
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to)
  const file = await open(to, 'r+')
  try {
    await file.chmod(0o600)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function measuredSites(connection: Connection): Promise<string[]> {
  const selects = siteTables.map(({ name }) => `SELECT DISTINCT site FROM ${name}`)
  const rows = await connection.query(`SELECT DISTINCT site FROM (${selects.join(' UNION ALL ')})`, {})
  return rows.map((row) => String(row['site']))
}
