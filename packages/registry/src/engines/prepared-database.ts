import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the empty database that the build of this package prepares. */
export const preparedDatabase: string = fileURLToPath(new URL('../../dist/empty-database', import.meta.url))

/** File beside the prepared database with the version of the engine that made it. */
export const preparedVersionFile = `${preparedDatabase}.version`

/** Returns the version of the embedded engine that is installed. */
export function engineVersion(): string {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/**
 * Copies the prepared database to `directory`. Returns false when there is none, or when another version of the engine
 * made it. Files get the permissions of new files, as this process's umask has them: `cp` would keep those of the build.
 */
export function copyPreparedDatabase(directory: string): boolean {
  if (!existsSync(preparedVersionFile)) return false
  if (readFileSync(preparedVersionFile, 'utf8') !== engineVersion()) return false
  mkdirSync(directory)
  for (const entry of readdirSync(preparedDatabase, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name)
    const target = join(directory, relative(preparedDatabase, source))
    if (entry.isDirectory()) mkdirSync(target, { recursive: true })
    else writeFileSync(target, readFileSync(source))
  }
  return true
}
