import { access } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { openCollector } from '@peerpress/collector'
import { openRegistry } from '@peerpress/registry'
import { openStore } from '@peerpress/store'
import type { ServerConfig } from '../config/config.ts'
import { ServerError } from '../server-error.ts'
import { storeLocation } from '../config/store-location.ts'
import { requireWholeData } from './incomplete-restore.ts'
import { packBackup } from './pack-backup.ts'
import { stageBackup, type StagingOptions } from './stage-backup.ts'

/** A backup as a stream. */
export interface BackupStream {
  /** A tar archive, whose last entry is the index. */
  readonly archive: Readable
  readonly files: number
  /** bytes of all files */
  readonly size: number
  /** Releases the data folder. */
  close(): Promise<void>
}

/**
 * Takes a backup of an installation whose server does not run, by the same steps as a running server.
 * @throws {RegistryError} `locked` when its server runs
 * @throws {ServerError} `no-installation`, `incomplete-restore`, as `stageBackup`
 */
export async function openOfflineBackup(
  config: ServerConfig,
  options: StagingOptions,
): Promise<BackupStream> {
  const { dataDirectory } = config
  const folder = (name: string) => join(dataDirectory, name)
  await requireWholeData(dataDirectory)
  if (config.postgresUrl === undefined) await requireInstallation(folder('registry'), dataDirectory)
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const each of closers.splice(0).toReversed()) await each()
  }
  try {
    const registry = await openRegistry(
      config.postgresUrl === undefined ? { directory: folder('registry') } : { url: config.postgresUrl },
    )
    closers.push(() => registry.close())
    const store = await openStore({ ...storeLocation(config), retention: config.retentionDays })
    closers.push(() => store.close())
    const collector = await openCollector({
      directory: folder('beacons'),
      store,
      site: (id) => registry.sites.get(id),
      maxPerNetwork: config.beaconsPerNetwork,
      maxPerSite: config.beaconsPerSite,
      maxLogBytes: config.maxLogBytes,
    })
    closers.push(() => collector.close())
    const staged = await stageBackup({ registry, store, collector, dataDirectory }, options)
    closers.push(() => staged.release())
    return { archive: packBackup(staged), files: staged.files.length, size: staged.size, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function requireInstallation(registry: string, dataDirectory: string): Promise<void> {
  await access(registry).catch((cause: unknown) => {
    throw new ServerError(
      'no-installation',
      `there is no installation in ${dataDirectory}: name its data folder with --data, or a running server with --server`,
      { cause },
    )
  })
}
