import type { Database } from './database.ts'
import type { RegistryLocation } from './registry-location.ts'
import { type NewDatabase, openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

/**
 * Opens the database without migrating it.
 * @throws {RegistryError} `locked` when another process owns the directory.
 */
export function openDatabase(location: RegistryLocation, made?: NewDatabase): Promise<Database> {
  return location.directory === undefined ? openPostgres(location.url) : openPglite(location.directory, made)
}
