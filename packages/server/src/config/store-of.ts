import { join } from 'node:path'
import { migrateStore, type StoreLocation, type StoreMigration } from '@peerpress/store'
import { requireWholeData } from '../backup/incomplete-restore.ts'
import type { ServerConfig } from './config.ts'
import { openDataFolder } from '../data-folder/open-data-folder.ts'

/** Where a server of this configuration keeps its measurements. */
export function storeLocation({
  clickhouseUrl,
  clickhouseCluster,
  dataDirectory,
  storeMemory,
}: ServerConfig): StoreLocation {
  const place =
    clickhouseUrl === undefined
      ? { directory: join(dataDirectory, 'store') }
      : { url: clickhouseUrl, cluster: clickhouseCluster }
  return { ...place, ...(storeMemory === undefined ? {} : { memory: storeMemory }) }
}

/**
 * Brings the store of a server of this configuration up to date without starting one; or only tells how it is.
 * @throws {ServerError} as `openDataFolder` does
 * @throws {ServerError} `incomplete-restore`
 * @throws {StoreError} `directory-locked` while a server runs on an embedded engine, `unavailable`,
 * `migration-mismatch`
 */
export async function migrateStoreOf(
  config: ServerConfig,
  options: { readonly isDryRun: boolean },
): Promise<StoreMigration> {
  await requireWholeData(config.dataDirectory)
  // The server that starts later makes the registry that is not there yet.
  await openDataFolder(config, () => undefined)
  return migrateStore(storeLocation(config), options)
}
