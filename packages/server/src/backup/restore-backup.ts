import { join } from 'node:path'
import { raiseVersions } from '@peerpress/publisher'
import { openRegistry, restoreRegistry } from '@peerpress/registry'
import { type PartFile, restoreStore } from '@peerpress/store'
import type { ServerConfig } from '../config/config.ts'
import { OperatorToken, operatorTokenFile } from '../operator-token.ts'
import { ServerError } from '../server-error.ts'
import { storeLocation } from '../config/store-location.ts'
import { ledgerFile } from '../engines.ts'
import { type BackupFile, type BackupIndex, backedUpLedgerKey } from './backup-index.ts'
import { ClaimedFolder } from './claimed-folder.ts'
import { type OnBytes, readBackup } from './read-backup.ts'
import { requireOutside } from './require-outside.ts'
import { versionRaise } from './version-raise.ts'

/** The result of a restore. */
export interface Restored {
  /** The moment of the backup. */
  readonly createdAt: string
  readonly sites: number
  /** The number of posts. Each is read from its site again before it is delivered. */
  readonly posts: number
  readonly hasMeasurements: boolean
  readonly files: number
  /** bytes */
  readonly size: number
}

/** A step of a restore. */
export type RestoreStep = 'verify' | 'measurements' | 'assets' | 'records'

export interface RestoreOptions {
  readonly onStep?: (step: RestoreStep) => void
  /** Called with the bytes of the step so far, in steps that process bytes. */
  readonly onBytes?: OnBytes
  /** Ends the restore and removes what it wrote. */
  readonly signal?: AbortSignal
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/**
 * Restores a backup into an empty data folder, and into an empty database if the configuration names a server. A mark in the
 * folder keeps servers and other restores out until the last file is written. The backup is verified before anything else is
 * written. After a failure everything that this restore wrote is removed, and nothing else.
 * @throws {ServerError} `bad-backup`, `newer-backup`, `not-empty`, `overlapping-folders`
 */
export async function restoreBackup(
  config: ServerConfig,
  directory: string,
  { onStep = () => {}, onBytes = () => {}, signal, now = Date.now }: RestoreOptions = {},
): Promise<Restored> {
  const apart = 'name a data folder outside the backup with --data'
  await requireOutside(config.dataDirectory, directory, apart)
  const folder = await ClaimedFolder.claim(config.dataDirectory)
  try {
    const restored = await restoreInto(folder, { config, directory, onStep, onBytes, signal, now })
    await folder.complete()
    return restored
  } catch (error) {
    await folder.release()
    throw error
  }
}

interface Restore extends Required<Omit<RestoreOptions, 'signal'>> {
  readonly config: ServerConfig
  readonly directory: string
  readonly signal: AbortSignal | undefined
}

async function restoreInto(
  folder: ClaimedFolder,
  { config, directory, onStep, onBytes, signal, now }: Restore,
): Promise<Restored> {
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
  const from = (path: string) => join(directory, path)
  begin('records')
  // A process that ignores the mark may have used the folder meanwhile.
  await folder.requireEmpty()
  if (config.postgresUrl === undefined) await folder.makeTree('registry')
  await folder.makeFile(operatorTokenFile)
  const by = versionRaise(Date.parse(index.createdAt), now())
  if (index.files.some(({ path }) => path === backedUpLedgerKey)) {
    await folder.copy(from(backedUpLedgerKey), ledgerFile)
  }
  const registry = await restoreRecords(config, from('registry'), { index, by })
  begin('assets')
  for (const { path, size } of index.files) {
    if (!/^(?:assets|beacons)\//.test(path)) continue
    onFile(size)
    await folder.copy(from(path), path)
  }
  if (index.store !== null) {
    begin('measurements')
    const files = index.files.flatMap((file) => partFile(directory, file))
    const location = { ...storeLocation(config), directory: await folder.makeTree('store') }
    await restoreStore(location, { ...index.store, files, sites: registry.sites, onFile })
  }
  return {
    createdAt: index.createdAt,
    sites: registry.sites.length,
    posts: registry.posts,
    hasMeasurements: index.store !== null,
    files: index.files.length,
    size: index.files.reduce((sum, { size }) => sum + size, 0),
  }
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
