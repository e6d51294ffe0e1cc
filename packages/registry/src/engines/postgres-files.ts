import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Something that is wrong with a registry's files. */
export interface RegistryDamage {
  /** The file or folder at fault. */
  readonly path: string
  /** What is wrong with it, without its path; a clause such as "is missing". */
  readonly problem: string
}

/** The major version of the embedded engine, as it stands in a database's `PG_VERSION`. */
const version = '18'
/** bytes that the engine reads of `pg_control` at least (sizeof(ControlFileData)) */
const controlLength = 296
const segmentName = /^[0-9A-F]{24}$/

/**
 * Looks at the files that the embedded Postgres cannot do without, and changes nothing. Null when there is no database
 * yet, or when nothing is found; the engine itself may still find more.
 */
export function findPostgresDamage(directory: string): RegistryDamage | null {
  const names = namesIn(directory)
  if (names.length === 0) return null
  // Without PG_VERSION the engine would write a new database over this one.
  return (
    versionDamage(join(directory, 'PG_VERSION')) ??
    controlDamage(join(directory, 'global', 'pg_control')) ??
    logDamage(join(directory, 'pg_wal')) ??
    databaseDamage(join(directory, 'base'))
  )
}

/** Whether a folder holds files of a Postgres database, in whatever condition. */
export function hasPostgresFiles(directory: string): boolean {
  return namesIn(directory).length > 0
}

function versionDamage(path: string): RegistryDamage | null {
  const found = textOf(path)
  if (found === null) return { path, problem: 'is missing or cannot be read' }
  if (found.trim() === version) return null
  return /^\d{1,3}\s*$/.test(found)
    ? { path, problem: `is of PostgreSQL ${found.trim()}; this release reads ${version}` }
    : { path, problem: 'is damaged' }
}

function controlDamage(path: string): RegistryDamage | null {
  const length = lengthOf(path)
  if (length === null) return { path, problem: 'is missing' }
  return length < controlLength ? { path, problem: `is cut short (${length} bytes)` } : null
}

function logDamage(path: string): RegistryDamage | null {
  return namesIn(path).some((name) => segmentName.test(name))
    ? null
    : { path, problem: 'holds no segment of the database’s own log' }
}

function databaseDamage(path: string): RegistryDamage | null {
  const databases = namesIn(path).filter((name) => /^\d+$/.test(name))
  if (databases.length < 3) return { path, problem: `holds ${databases.length} databases instead of three` }
  for (const name of databases) {
    const damage = versionDamage(join(path, name, 'PG_VERSION'))
    if (damage !== null) return damage
  }
  return null
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
  } catch {
    return []
  }
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function lengthOf(path: string): number | null {
  try {
    return statSync(path).size
  } catch {
    return null
  }
}
