import { join } from 'node:path'
import { migrateStore, type StoreLocation, type StoreMigration } from '@peerpress/store'
import type { ServerConfig } from './config.ts'

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
 * @throws {StoreError} `directory-locked` while a server runs on an embedded engine, `unavailable`, `migration-mismatch`
 */
export function migrateStoreOf(
  config: ServerConfig,
  options: { readonly isDryRun: boolean },
): Promise<StoreMigration> {
  return migrateStore(storeLocation(config), options)
}
