import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { copyPreparedDatabase } from './prepared-database.ts'

const program = fileURLToPath(new URL('make-database-main.ts', import.meta.url))

/**
 * Makes a new Postgres database in `directory`, which is empty or does not exist; its parent does. It is a copy of the
 * database that the build prepared, with all tables, or an empty one where there is none. It appears in `directory` when it is complete, so a
 * process that is killed meanwhile leaves nothing that looks like a damaged database.
 * @param isEmpty whether it must have no tables, for records of another release; it then takes some seconds
 * @throws what `child_process` throws when the process fails, with its `stderr`
 */
export async function makeDatabase(directory: string, { isEmpty = false } = {}): Promise<void> {
  const prefix = `${basename(directory)}.new-`
  const parent = dirname(directory)
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  // A folder that an orphaned process still writes to is removed at the next start.
  for (const name of leftovers) await remove(`${parent}/${name}`).catch(() => undefined)
  const unfinished = `${parent}/${prefix}${randomUUID()}`
  try {
    if (isEmpty || !copyPreparedDatabase(unfinished)) await initializeDatabase(unfinished)
    await rename(unfinished, directory)
  } catch (error) {
    await remove(unfinished)
    throw error
  }
}

/**
 * Initializes a Postgres database in `directory`, which takes some seconds. A process of its own does it, because the
 * 300 MB of memory that it takes would stay with the server.
 * @throws what `child_process` throws when the process fails, with its `stderr`
 */
export async function initializeDatabase(directory: string): Promise<void> {
  await promisify(execFile)(process.execPath, [program, directory], { env: { TZ: 'UTC' } })
}

const remove = (path: string) => rm(path, { recursive: true, force: true })
