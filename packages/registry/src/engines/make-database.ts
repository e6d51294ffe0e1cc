import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const program = fileURLToPath(new URL('make-database-main.ts', import.meta.url))

/**
 * Creates a new Postgres database in `directory`, which is empty or does not exist, in an existing parent. The database
 * appears there when it is complete, so a killed process leaves nothing that looks like a damaged database. A separate
 * process creates it, because the server would never release the 300 MB that this takes.
 * @throws the error of `child_process` with `stderr` if the process fails
 */
export async function makeDatabase(directory: string): Promise<void> {
  const prefix = `${basename(directory)}.new-`
  const parent = dirname(directory)
  const leftovers = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  // A folder that an orphaned process still writes to is removed at the next start.
  for (const name of leftovers) await remove(`${parent}/${name}`).catch(() => undefined)
  const unfinished = `${parent}/${prefix}${randomUUID()}`
  try {
    await promisify(execFile)(process.execPath, [program, unfinished], { env: { TZ: 'UTC' } })
    await rename(unfinished, directory)
  } catch (error) {
    await remove(unfinished)
    throw error
  }
}

const remove = (path: string) => rm(path, { recursive: true, force: true })
