import { connect, type StoreLocation } from '../engine/connect.ts'
import { bringUpToDate } from './bring-up-to-date.ts'
import { type MigrationStep, migrationSteps } from './migrate.ts'
import { migrations } from './migrations.ts'

/** The result of a migration. */
export interface StoreMigration {
  /** All steps of this version, in order, as they were found. */
  readonly found: readonly MigrationStep[]
  /** The steps that ran now. */
  readonly ran: readonly MigrationStep[]
}

/**
 * Brings a store's schema up to date, as `openStore` does, without opening the store. A dry run only reports the steps.
 * @throws {StoreError} `directory-locked`, `unavailable` or `migration-mismatch`
 */
export async function migrateStore(
  location: StoreLocation,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<StoreMigration> {
  const connection = await connect(location)
  try {
    const found = await migrationSteps(connection, migrations)
    return { found, ran: isDryRun ? [] : await bringUpToDate(connection, location) }
  } finally {
    await connection.close()
  }
}
