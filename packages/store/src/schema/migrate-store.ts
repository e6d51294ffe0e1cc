import { connect, type StoreLocation } from '../engine/connect.ts'
import { type MigrationStep, migrate, migrationSteps } from './migrate.ts'
import { migrations } from './migrations.ts'

/** What became of a store's schema. */
export interface StoreMigration {
  /** All steps that this version knows, in order, as they were found. */
  readonly found: readonly MigrationStep[]
  /** Those that were run now. */
  readonly ran: readonly MigrationStep[]
}

/**
 * Brings a store's schema up to date, as `openStore` does, and opens nothing; or only tells how it is.
 * @throws {StoreError} `directory-locked`, `unavailable` or `migration-mismatch`
 */
export async function migrateStore(
  location: StoreLocation,
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<StoreMigration> {
  const connection = await connect(location)
  try {
    const found = await migrationSteps(connection, migrations)
    return { found, ran: isDryRun ? [] : await migrate(connection, migrations) }
  } finally {
    await connection.close()
  }
}
