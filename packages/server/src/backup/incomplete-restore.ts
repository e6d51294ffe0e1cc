import { randomUUID } from 'node:crypto'
import { access, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerError } from '../server-error.ts'

/** The mark of a restore: it exists from before the backup is verified until after the last file is written. */
export const markFile = 'restore-incomplete'

/**
 * Refuses a data folder in which a restore did not end: its files may look like a complete installation.
 * @throws {ServerError} `incomplete-restore`
 */
export async function requireWholeData(dataDirectory: string): Promise<void> {
  if (!(await isIncomplete(dataDirectory))) return
  throw new ServerError(
    'incomplete-restore',
    `a restore into ${dataDirectory} did not end: if it does not run any more, delete the folder and restore the backup again`,
  )
}

export async function isIncomplete(dataDirectory: string): Promise<boolean> {
  return access(join(dataDirectory, markFile)).then(
    () => true,
    () => false,
  )
}

/**
 * Creates the mark. Fails with `EEXIST` if a mark exists.
 * @returns the identity of the mark, for `isMarkedBy`
 */
export async function markIncomplete(dataDirectory: string): Promise<string> {
  const claim = randomUUID()
  const path = join(dataDirectory, markFile)
  const file = await open(path, 'wx', 0o600)
  try {
    try {
      await file.writeFile(
        `A restore into this folder did not end. Delete the folder and restore the backup again.\n${claim}\n`,
      )
      await file.sync()
    } finally {
      await file.close()
    }
    await syncDirectory(dataDirectory)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return claim
}

/** Whether the mark of a folder is the one with this identity. */
export async function isMarkedBy(dataDirectory: string, claim: string): Promise<boolean> {
  const text = await readFile(join(dataDirectory, markFile), 'utf8').catch(() => '')
  return text.includes(claim)
}

export async function markComplete(dataDirectory: string): Promise<void> {
  await syncDirectory(dataDirectory)
  await rm(join(dataDirectory, markFile))
  await syncDirectory(dataDirectory)
}

/** Syncs a directory, so that the names in it survive a crash. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
