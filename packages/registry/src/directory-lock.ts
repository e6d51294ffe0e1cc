import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { RegistryError } from './registry-error.ts'

/**
 * Makes this process the only owner of `directory` until the returned function is called or it dies.
 * The lock is the kernel's (SQLite takes an fcntl lock): `kill -9` frees it, and no process id is compared,
 * which a restarted container would get wrong.
 * @throws {RegistryError} `locked`.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 })
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    database.close()
    throw new RegistryError('locked', `${directory} is in use by another PeerPress server: stop it first`, {
      cause,
    })
  }
  return () => database.close()
}
