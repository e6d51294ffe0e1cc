import type { Migration } from '../migration.ts'

/** The property that figures are of. Rows that were written before have none, and are read from the search engine again. */
export const searchPropertiesStep: Migration = {
  id: 19,
  name: 'search properties',
  statements: [
    'ALTER TABLE search_figures ADD COLUMN IF NOT EXISTS property LowCardinality(String) CODEC(ZSTD)',
  ],
}
