import { chmod, copyFile, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { raiseVersions } from '@peerpress/publisher'
import { openRegistry, restoreRegistry } from '@peerpress/registry'
import { type PartFile, restoreStore } from '@peerpress/store'
import type { ServerConfig } from '../config.ts'
import { OperatorToken } from '../operator-token.ts'
import { ServerError } from '../server-error.ts'
import { storeLocation } from '../store-of.ts'
import type { BackupFile, BackupIndex } from './backup-index.ts'
import { isIncomplete, markComplete, markIncomplete, syncDirectory } from './incomplete-restore.ts'
import { type OnBytes, readBackup } from './read-backup.ts'
import { versionRaise } from './version-raise.ts'

/** What a restore made. */
export interface Restored {
  /** Moment of the backup. */
  readonly createdAt: string
  readonly sites: number
  /** Posts, each of which is read from its site again before it is delivered. */
  readonly posts: number
  readonly hasMeasurements: boolean
  readonly files: number
  /** bytes */
  readonly size: number
}

/** What a restore is doing. */
export type RestoreStep = 'verify' | 'measurements' | 'assets' | 'records'

export interface RestoreOptions {
  readonly onStep?: (step: RestoreStep) => void
  /** Called with the bytes of the step so far, where it is one of bytes. */
  readonly onBytes?: OnBytes
  /** Ends the restore, of which then nothing is left. */
  readonly signal?: AbortSignal
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/**
 * Restores a backup into an empty data folder, and an empty database where the configuration names a server. The backup
 * is verified before anything is written. Until the last file is there the folder is marked, and nothing starts on it;
 * what fails is removed again.
 * @throws {ServerError} `bad-backup`, `newer-backup`, `not-empty`
 */
export async function restoreBackup(
  config: ServerConfig,
  directory: string,
  { onStep = () => {}, onBytes = () => {}, signal, now = Date.now }: RestoreOptions = {},
): Promise<Restored> {
  const { dataDirectory } = config
  await requireEmpty(dataDirectory)
  let bytes = 0
  const begin = (step: RestoreStep) => {
    signal?.throwIfAborted()
    bytes = 0
    onStep(step)
  }
  const onFile = (size: number) => {
    signal?.throwIfAborted()
    bytes += size
    onBytes(bytes)
  }
  begin('verify')
  const index = await readBackup(directory, onFile)
  if (index.store !== null && config.clickhouseUrl !== undefined) {
    throw new ServerError(
      'bad-config',
      'the backup has the measurements of an embedded engine: unset PEERPRESS_CLICKHOUSE_URL to restore it',
    )
  }
  const made = await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
  try {
    await chmod(dataDirectory, 0o700)
    await markIncomplete(dataDirectory)
    const from = (path: string) => join(directory, path)
    begin('records')
    const by = versionRaise(Date.parse(index.createdAt), now())
    const registry = await restoreRecords(config, from('registry'), { index, by })
    begin('assets')
    for (const { path, size } of index.files) {
      if (!/^(?:assets|beacons)\//.test(path)) continue
      onFile(size)
      await copyDurably(from(path), join(dataDirectory, path))
    }
    if (index.store !== null) {
      begin('measurements')
      const files = index.files.flatMap((file) => partFile(directory, file))
      const location = { ...storeLocation(config), directory: join(dataDirectory, 'store') }
      await restoreStore(location, { ...index.store, files, sites: registry.sites, onFile })
    }
    await markComplete(dataDirectory)
    return {
      createdAt: index.createdAt,
      sites: registry.sites.length,
      posts: registry.posts,
      hasMeasurements: index.store !== null,
      files: index.files.length,
      size: index.files.reduce((sum, { size }) => sum + size, 0),
    }
  } catch (error) {
    await removeContents(dataDirectory, made !== undefined)
    throw error
  }
}

/** @throws {ServerError} `not-empty` */
async function requireEmpty(dataDirectory: string): Promise<void> {
  const names = await contentsOf(dataDirectory)
  if (names.length === 0) return
  const why = (await isIncomplete(dataDirectory))
    ? 'has a restore that did not end: delete the folder and restore again'
    : `is not empty (it has ${names[0]}): restore into an empty folder, named by --data`
  throw new ServerError('not-empty', `${dataDirectory} ${why}`)
}

/** What is in a folder but for the mark of a fresh disk; nothing where there is no folder. */
async function contentsOf(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => name !== 'lost+found')
}

async function restoreRecords(
  config: ServerConfig,
  directory: string,
  { index, by }: { readonly index: BackupIndex; readonly by: number },
): Promise<{ readonly sites: readonly string[]; readonly posts: number }> {
  const location =
    config.postgresUrl === undefined
      ? { directory: join(config.dataDirectory, 'registry') }
      : { url: config.postgresUrl }
  await restoreRegistry(location, directory, index.registry)
  const registry = await openRegistry(location)
  try {
    await raiseVersions(registry, by)
    await OperatorToken.open(registry, config.dataDirectory)
    const sites = (await registry.sites.list()).map(({ id }) => id)
    return { sites, posts: (await registry.restored.all()).length }
  } finally {
    await registry.close()
  }
}

function partFile(directory: string, { path, size }: BackupFile): PartFile[] {
  const [folder, table, part, name] = path.split('/')
  if (folder !== 'store' || table === undefined || part === undefined || name === undefined) return []
  return [{ table, part, name, path: join(directory, path), size }]
}

async function copyDurably(from: string, to: string): Promise<void> {
  const made = await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await copyFile(from, to)
  const file = await open(to, 'r+')
  try {
    await file.chmod(0o600)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncDirectory(dirname(to))
  if (made !== undefined) await syncDirectory(dirname(made))
}

async function removeContents(directory: string, isMade: boolean): Promise<void> {
  for (const name of await contentsOf(directory))
    await rm(join(directory, name), { recursive: true, force: true })
  if (isMade) await rmdir(directory)
}
