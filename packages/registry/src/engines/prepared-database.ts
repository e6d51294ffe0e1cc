import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { steps } from '../schema/steps/steps.ts'

/** Folder of what the build of this package prepares. */
export const preparedDirectory: string = fileURLToPath(new URL('../../dist', import.meta.url))

/** File in that folder that names the prepared database. It is replaced in one step, so no copy is of two databases. */
export const preparedName = 'new-database.json'

/** A database with all tables and without records that a build prepared. */
export interface PreparedDatabase {
  /** What made it: {@link makerOfDatabases}. */
  readonly maker: string
  /** Its folder beside the file. Each build makes another one. */
  readonly folder: string
}

/** Returns what makes new databases, as a text that changes with the engine, the steps of the schema and the job queue. */
export function makerOfDatabases(): string {
  const schema = createHash('sha256').update(JSON.stringify(steps)).digest('base64')
  return `pglite ${versionOf('@electric-sql/pglite')}, pg-boss ${versionOf('pg-boss')}, schema ${schema}`
}

function versionOf(name: string): string {
  const manifest = new URL('../package.json', import.meta.resolve(name))
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/**
 * Copies the prepared database to `directory`. Returns false when there is none, when it is of another engine, schema or job
 * queue, and when a build replaces it meanwhile. Files get the permissions of new files, as this process's umask has them: `cp`
 * would keep those of the build.
 */
export function copyPreparedDatabase(directory: string, preparedIn = preparedDirectory): boolean {
  try {
    const { maker, folder } = JSON.parse(
      readFileSync(join(preparedIn, preparedName), 'utf8'),
    ) as PreparedDatabase
    if (maker !== makerOfDatabases()) return false
    copyFiles(join(preparedIn, folder), directory)
    return true
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT' || path?.startsWith(preparedIn) !== true) throw error
    rmSync(directory, { recursive: true, force: true })
    return false
  }
}

function copyFiles(from: string, to: string): void {
  mkdirSync(to)
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const source = join(entry.parentPath, entry.name)
    const target = join(to, relative(from, source))
    if (entry.isDirectory()) mkdirSync(target, { recursive: true })
    else writeFileSync(target, readFileSync(source))
  }
}
