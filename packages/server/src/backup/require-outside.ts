import { realpath } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { ServerError } from '../server-error.ts'

/**
 * Refuses a folder that equals another folder or lies in it, also through symbolic links. Neither needs to exist.
 * @param problem tells the operator what to do
 * @throws {ServerError} `overlapping-folders`
 */
export async function requireOutside(folder: string, other: string, problem: string): Promise<void> {
  const [inner, outer] = await Promise.all([realPath(folder), realPath(other)])
  const way = relative(outer, inner)
  if (way === '..' || way.startsWith(`..${sep}`)) return
  throw new ServerError('overlapping-folders', `${folder} is in ${other}: ${problem}`)
}

/** Returns the real path of the existing part of a path, followed by the rest. */
async function realPath(path: string): Promise<string> {
  const full = resolve(path)
  const parent = dirname(full)
  return realpath(full).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || parent === full) throw error
    return join(await realPath(parent), basename(full))
  })
}
