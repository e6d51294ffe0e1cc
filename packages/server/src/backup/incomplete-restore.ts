import { access, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ServerError } from '../server-error.ts'

/** There from before the first file of a restore until after its last. */
const markFile = 'restore-incomplete'

/**
 * Refuses a data folder in which a restore did not end: what it has may look like a whole installation.
 * @throws {ServerError} `incomplete-restore`
 */
export async function requireWholeData(dataDirectory: string): Promise<void> {
  if (!(await isIncomplete(dataDirectory))) return
  throw new ServerError(
    'incomplete-restore',
    `a restore into ${dataDirectory} did not end: delete the folder and restore the backup again`,
  )
}

export async function isIncomplete(dataDirectory: string): Promise<boolean> {
  return access(join(dataDirectory, markFile)).then(
    () => true,
    () => false,
  )
}

export async function markIncomplete(dataDirectory: string): Promise<void> {
  const file = await open(join(dataDirectory, markFile), 'wx', 0o600)
  try {
    await file.writeFile(
      'A restore into this folder did not end. Delete the folder and restore the backup again.\n',
    )
    await file.sync()
  } finally {
    await file.close()
  }
  await syncDirectory(dataDirectory)
}

export async function markComplete(dataDirectory: string): Promise<void> {
  await syncDirectory(dataDirectory)
  await rm(join(dataDirectory, markFile))
  await syncDirectory(dataDirectory)
}

/** Makes the names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
