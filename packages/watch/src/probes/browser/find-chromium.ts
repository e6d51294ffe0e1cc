import { access, constants } from 'node:fs/promises'

/** Returns the path if a program is there that may be run, else null. */
export async function findChromium(path: string | null): Promise<string | null> {
  if (path === null) return null
  try {
    await access(path, constants.X_OK)
    return path
  } catch {
    return null
  }
}
