import type { Database } from './database.ts'
import { openPglite } from './pglite.ts'
import { openPostgres } from './postgres.ts'

/** Where the records are stored: in a folder of this process alone, or on a Postgres server. */
export type RegistryLocation =
  { readonly directory: string; readonly url?: never } | { readonly url: string; readonly directory?: never }

/**
 * Opens the database without migrating it.
 * @throws {RegistryError} `locked` when another process owns the directory.
 */
export function openDatabase(location: RegistryLocation): Promise<Database> {
  return location.directory === undefined ? openPostgres(location.url) : openPglite(location.directory)
}
