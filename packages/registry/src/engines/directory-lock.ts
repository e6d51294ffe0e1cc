import { mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RegistryError } from '../registry-error.ts'

/** The lock file of a registry's folder. Its contents mean nothing. */
const lockFile = 'owner.lock'

/** Result codes of SQLite (https://sqlite.org/rescode.html). */
const busy = 5
const notADatabase = 26

/**
 * Makes this process the only owner of `directory` until the returned function is called or it dies.
 * The lock is the kernel's (SQLite takes an fcntl lock): `kill -9` frees it, and no process id is compared,
 * which a restarted container would get wrong.
 * @throws {RegistryError} `locked`, `unusable-directory`.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, lockFile)
  try {
    return lockFileAt(path)
  } catch (error) {
    if (sqliteCode(error) !== notADatabase) throw refusal(directory, error)
  }
  // SQLite reads the file only under a shared lock, so nobody owns the directory now. What is in the file means
  // nothing: it is empty when all is well.
  truncateSync(path)
  try {
    return lockFileAt(path)
  } catch (error) {
    throw refusal(directory, error)
  }
}

function lockFileAt(path: string): () => void {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    database.close()
    throw error
  }
  return () => database.close()
}

function refusal(directory: string, cause: unknown): RegistryError {
  if (sqliteCode(cause) === busy) {
    const message = `${directory} is in use by another PeerPress server: stop it first`
    return new RegistryError('locked', message, { cause })
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  return new RegistryError(
    'unusable-directory',
    `${join(directory, lockFile)} cannot be locked (${why}): make the folder writable, or move away what is in the file's place`,
    { cause },
  )
}

/** The primary result code. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}
