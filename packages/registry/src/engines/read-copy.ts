import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPglite, postgresFolder } from './pglite.ts'
import { findPostgresDamage, hasPostgresFiles, type RegistryDamage } from './postgres-files.ts'

/**
 * Reads every record of the registry in `directory` from a copy, because the engine writes to what it opens. Nobody may own
 * the directory meanwhile. Null when all can be read, or there is none.
 */
export async function readCopyOfRegistry(directory: string): Promise<RegistryDamage | null> {
  const original = join(directory, postgresFolder)
  if (!hasPostgresFiles(original)) return null
  const damage = findPostgresDamage(original)
  if (damage !== null) return damage
  const copy = await mkdtemp(join(tmpdir(), 'peerpress-doctor-'))
  try {
    await cp(original, join(copy, postgresFolder), { recursive: true })
    await readAll(copy)
    return null
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { path: original, problem: `cannot be read (${why.replaceAll(copy, directory)})` }
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
}

async function readAll(directory: string): Promise<void> {
  const database = await openPglite(directory)
  try {
    const tables = await database.query<{ name: string }>(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
       where schemaname in ('peerpress', 'peerpress_jobs') order by 1`,
    )
    for (const { name } of tables) await database.query(`select count(md5(t::text)) from ${name} t`)
  } finally {
    await database.close().catch(() => undefined)
  }
}
