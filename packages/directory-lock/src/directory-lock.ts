import { existsSync, truncateSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { DirectoryLockError } from './directory-lock-error.ts'

/** Time between two attempts, ms. */
const retryPause = 50

/** Result codes of SQLite (https://sqlite.org/rescode.html). */
const busy = 5
const notADatabase = 26

/** References to the open databases: garbage collection would close them, and their locks would be released. */
const held = new Set<DatabaseSync>()

/** A directory that this process owns until `release`, or until it dies. */
export interface DirectoryLock {
  release(): void
}

/** How a directory is locked. */
export interface LockOptions {
  /** Name of the lock's file in the directory. @default 'lock' */
  readonly file?: string
  /** Time to wait for another owner to release the lock, ms. @default 0 */
  readonly wait?: number
}

/**
 * Makes this process the only owner of a directory, which is created if it is missing. The lock is SQLite's on an empty
 * database, which is a lock of the kernel. The kernel releases it when the process dies, even by `kill -9`. No process
 * ids are compared, because those of a restarted container repeat.
 * @throws {DirectoryLockError} `directory-locked` if the other owner stayed, `unusable-directory`
 */
export async function lockDirectory(
  directory: string,
  { file = 'lock', wait = 0 }: LockOptions = {},
): Promise<DirectoryLock> {
  const path = join(directory, file)
  const deadline = performance.now() + wait
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (let isEmptied = false; ;) {
    try {
      return lockFile(path)
    } catch (cause) {
      const code = sqliteCode(cause)
      if (code === notADatabase && !isEmptied) {
        // SQLite reads the file only under a shared lock, so nobody owns the directory now. The file's content has no
        // meaning: an intact lock's file is empty.
        isEmptied = true
        truncateSync(path)
        continue
      }
      if (code !== busy) throw unusable(path, cause)
      if (performance.now() >= deadline) {
        throw new DirectoryLockError('directory-locked', `${directory} is in use by another process`, {
          cause,
        })
      }
    }
    await delay(retryPause)
  }
}

/** State of a lock: nobody holds it, another owner does, its file has other content, or the file cannot be read. */
export type LockState = 'free' | 'held' | 'damaged' | 'unreadable'

/** Returns the state of the lock with this file, without acquiring it; `free` also if there is no file. */
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

/** Returns the primary result code. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined
}

function unusable(path: string, cause: unknown): DirectoryLockError {
  const why = cause instanceof Error ? cause.message : String(cause)
  const message = `${path} cannot be locked (${why}): make the folder writable, or move away what is in the file's place`
  return new DirectoryLockError('unusable-directory', message, { cause })
}
