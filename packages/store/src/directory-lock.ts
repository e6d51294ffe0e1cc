import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreError } from './store-error.ts'

const retryMs = 50
/** A database that nobody refers to any more is closed, and its lock is gone. */
const held = new Set<DatabaseSync>()

/** A directory that this process alone may use until `release`, or until it dies in whatever way. */
export interface DirectoryLock {
  release(): void
}

/**
 * Takes a directory, made when it isn't there, for this process alone.
 * The lock is SQLite's on an empty database: the kernel lets go of it when the process dies, so `kill -9` leaves
 * nothing stale behind, on every platform, without a native dependency of our own.
 * @param wait ms to wait for another owner to go
 * @throws {StoreError} `directory-locked` when the other owner stayed
 */
export async function lockDirectory(directory: string, wait: number): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true })
  const deadline = performance.now() + wait
  for (;;) {
    const database = new DatabaseSync(join(directory, 'lock'))
    try {
      database.exec('BEGIN EXCLUSIVE')
      held.add(database)
      return {
        release: () => {
          if (held.delete(database)) database.close()
        },
      }
    } catch (error) {
      database.close()
      if (performance.now() >= deadline) {
        throw new StoreError('directory-locked', `${directory} is in use by another process`, {
          cause: error,
        })
      }
    }
    await delay(retryMs)
  }
}
