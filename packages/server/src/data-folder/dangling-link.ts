import { readlink, stat } from 'node:fs/promises'

/** Returns the target of a symbolic link if the target does not exist; null for anything else. */
export async function danglingTarget(path: string): Promise<string | null> {
  const target = await readlink(path).catch(() => null)
  if (target === null) return null
  return stat(path).then(
    () => null,
    (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? target : null),
  )
}

/** Describes the problem of such a link and what to do, each without a full stop. */
export function danglingProblem(path: string, target: string): { what: string; wayOut: string } {
  return {
    what: `${path} is a symbolic link to ${target}, which is not there`,
    wayOut: `Mount the disk that has it, or remove the link`,
  }
}
