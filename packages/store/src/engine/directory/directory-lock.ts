import { existsSync, truncateSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreError } from '../../store-error.ts'

const retryMs = 50
/** Result codes of SQLite (https://sqlite.org/rescode.html). */
const busy = 5
const notADatabase = 26
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
 * @throws {StoreError} `directory-locked` when the other owner stayed, `unusable-directory`
 */
export async function lockDirectory(directory: string, wait: number): Promise<DirectoryLock> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'lock')
  const deadline = performance.now() + wait
  for (let isMended = false; ;) {
    try {
      return lockFile(path)
    } catch (cause) {
      const code = sqliteCode(cause)
      if (code === notADatabase && !isMended) {
        // SQLite reads the file only under a shared lock, so nobody owns the directory now. What is in the file means
        // nothing: it is empty when all is well.
        isMended = true
        truncateSync(path)
        continue
      }
      if (code !== busy) throw unusable(path, cause)
      if (performance.now() >= deadline) {
        throw new StoreError('directory-locked', `${directory} is in use by another process`, { cause })
      }
    }
    await delay(retryMs)
  }
}

/** How the lock of a directory is: nobody has it, somebody does, its file holds something else, or it cannot be read. */
export type LockState = 'free' | 'held' | 'damaged' | 'unreadable'

/** Looks at a lock's file and takes no lock beyond that; `free` too where there is no file. Works on the registry's as well. */
export function lockStateOf(path: string): LockState {
  if (!existsSync(path)) return 'free'
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true })
    database.exec('SELECT count(*) FROM sqlite_master')
    return 'free'
  } catch (error) {
    const code = sqliteCode(error)
    return code === busy ? 'held' : code === notADatabase ? 'damaged' : 'unreadable'
  } finally {
    database?.close()
  }
}

function lockFile(path: string): DirectoryLock {
  const database = new DatabaseSync(path)
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    throw error
  }
  held.add(database)
  return {
    release: () => {
      if (held.delete(database)) database.close()
    },
  }
}

/** The primary result code. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function unusable(path: string, cause: unknown): StoreError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `${path} cannot be locked (${why}): make the folder writable, or move away what is in the file's place`
  return new StoreError('unusable-directory', message, { cause })
}
