import { realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { ServerError } from '../server-error.ts'

/**
 * Refuses a folder that is another one or is in it, by whatever symbolic links. Neither needs to be there.
 * @param problem what to do about it
 * @throws {ServerError} `overlapping-folders`
 */
export async function requireOutside(folder: string, other: string, problem: string): Promise<void> {
  const [inner, outer] = await Promise.all([realPath(folder), realPath(other)])
  const way = relative(outer, inner)
  if (way === '..' || way.startsWith(`..${sep}`)) return
  throw new ServerError('overlapping-folders', `${folder} is in ${other}: ${problem}`)
}

/** The real path of the part that is there, and the rest as it is named. */
async function realPath(path: string): Promise<string> {
  const full = resolve(path)
  const parent = dirname(full)
  return realpath(full).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || parent === full) throw error
    return join(await realPath(parent), basename(full))
  })
}
