import type { Database } from './database.ts'
import type { RegistryLocation } from './registry-location.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

/**
 * Opens the database of the records as it is.
 * @throws {RegistryError} `locked` when another process owns the directory.
 */
export function openDatabase(location: RegistryLocation): Promise<Database> {
  return location.directory === undefined ? openPostgres(location.url) : openPglite(location.directory)
}
