import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requireWholeData } from '../backup/incomplete-restore.ts'
import type { ServerConfig } from '../config/config.ts'
import { operatorTokenFile } from '../operator-token.ts'
import { ServerError } from '../server-error.ts'
import { danglingProblem, danglingTarget } from './dangling-link.ts'
import {
  beginAnewFile,
  findParts,
  findPartsProblem,
  type FoundParts,
  installationFile,
  partNames,
} from './parts.ts'
import { describeSystemError } from './system-error.ts'

/** A data folder whose parts may be opened. */
export interface DataFolder {
  /** Writes down that the parts belong together; to be called when all of them are open. */
  complete(): Promise<void>
}

/**
 * Makes the data folder, or checks one that is there before any engine opens: that it can be written, that no part of it is
 * missing beside the others, and that its parts are of one installation. Closes it to other users of the machine.
 * @param onNotice called with what an operator should know. Must not throw
 * @throws {ServerError} `unusable-folder`, `missing-part`, `mixed-data`, `incomplete-restore`.
 */
export async function openDataFolder(
  config: ServerConfig,
  onNotice: (notice: string) => void,
): Promise<DataFolder> {
  const { dataDirectory } = config
  try {
    for (const name of ['', ...partNames, operatorTokenFile]) await refuseDangling(join(dataDirectory, name))
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    // A file in the place of the data folder itself fails above.
    const folders = [dataDirectory, ...partNames.map((name) => join(dataDirectory, name))]
    for (const folder of folders) {
      if (!(await isThere(folder))) continue
      await requireFolder(folder)
      await tighten(folder, 0o700, onNotice)
      await tryToWrite(folder)
    }
    const token = join(dataDirectory, operatorTokenFile)
    if (await isThere(token)) await tighten(token, 0o600, onNotice)
    const parts = await findParts(config)
    const misfit = findPartsProblem(parts, dataDirectory)
    if (misfit !== null) {
      throw new ServerError(misfit.code, `${misfit.problem}. Nothing was changed. ${misfit.wayOut}.`)
    }
    // A first start that is cut off leaves one part without the other.
    if (!Object.values(parts.hasData).some(Boolean)) await writeFile(join(dataDirectory, beginAnewFile), '')
    for (const name of partNames) {
      if ((name === 'registry' || name === 'store') && !parts.embedded[name]) continue
      await mkdir(join(dataDirectory, name), { recursive: true, mode: 0o700 })
    }
    // A restore marks the folder, then looks whether it is empty: one of the two sees the other.
    await requireWholeData(dataDirectory)
    return { complete: () => complete(dataDirectory, parts) }
  } catch (error) {
    throw unusable(error)
  }
}

async function complete(
  dataDirectory: string,
  { embedded, installation, isWithoutStore }: FoundParts,
): Promise<void> {
  const id = installation.registry ?? installation.store ?? randomUUID()
  try {
    for (const name of ['registry', 'store'] as const) {
      if (!embedded[name] || installation[name] !== null) continue
      await writeFile(join(dataDirectory, name, installationFile), `${id}\n`, { mode: 0o600, flush: true })
    }
    if (!isWithoutStore) await rm(join(dataDirectory, beginAnewFile), { force: true })
  } catch (error) {
    throw unusable(error)
  }
}

/** A link whose disk is not mounted: what it leads to is not begun anew. */
async function refuseDangling(path: string): Promise<void> {
  const target = await danglingTarget(path)
  if (target === null) return
  const { what, wayOut } = danglingProblem(path, target)
  throw new ServerError('unusable-folder', `the data folder cannot be used: ${what}. ${wayOut}.`)
}

async function requireFolder(path: string): Promise<void> {
  if ((await stat(path)).isDirectory()) return
  throw new ServerError(
    'unusable-folder',
    `the data folder cannot be used: ${path} is a file where a folder must be. Move it away.`,
  )
}

/** bytes that are written for a try: a disk with less room holds no start. */
const triedBytes = 256 * 1024

async function tryToWrite(folder: string): Promise<void> {
  const path = join(folder, `.tried-${process.pid}`)
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(Buffer.alloc(triedBytes))
    await file.sync()
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false
      throw error
    },
  )
}

/** Takes away what others may do with a file or folder. */
async function tighten(path: string, mode: number, onNotice: (notice: string) => void): Promise<void> {
  const { mode: before } = await stat(path)
  if ((before & 0o777 & ~mode) === 0) return
  await chmod(path, before & mode).catch((error: Error) =>
    onNotice(
      `${path} can be read by other users of this machine and could not be closed to them: ${error.message}`,
    ),
  )
}

function unusable(error: unknown): unknown {
  const description = describeSystemError(error)
  return description === null
    ? error
    : new ServerError('unusable-folder', `the data folder cannot be used: ${description}`, { cause: error })
}
