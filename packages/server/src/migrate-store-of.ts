import { migrateStore, type StoreMigration } from '@peerpress/store'
import { requireWholeData } from './backup/incomplete-restore.ts'
import type { ServerConfig } from './config/config.ts'
import { storeLocation } from './config/store-location.ts'
import { openDataFolder } from './data-folder/open-data-folder.ts'

/**
 * Migrates the schema of the store of a server with this configuration, without starting the server. A dry run only returns
 * the state of each step.
 * @throws {ServerError} the codes of `openDataFolder`
 * @throws {ServerError} `incomplete-restore`
 * @throws {StoreError} `directory-locked` while a server runs on an embedded engine, `unavailable`,
 * `migration-mismatch`
 */
export async function migrateStoreOf(
  config: ServerConfig,
  options: { readonly isDryRun: boolean },
): Promise<StoreMigration> {
  await requireWholeData(config.dataDirectory)
  // If the registry is missing, the server creates it when it starts.
  await openDataFolder(config, () => undefined)
  return migrateStore(storeLocation(config), options)
}
