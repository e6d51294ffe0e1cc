import type { Migration } from '../migration.ts'

/**
 * Figures that a search engine's console reported, by day. A day has the rows of its highest generation: a later reading may lack
 * some of the keys. Each reading has one row of the kind `total`, so that a day without figures differs from one that was not
 * read. Figures belong to no single reader, so the retention of views does not apply.
 */
const searchFigures = `
CREATE TABLE IF NOT EXISTS search_figures (
  site LowCardinality(String) CODEC(ZSTD),
  day Date CODEC(Delta, ZSTD),
  kind LowCardinality(String) CODEC(ZSTD),
  key String CODEC(ZSTD),
  clicks UInt64 CODEC(ZSTD),
  impressions UInt64 CODEC(ZSTD),
  position Float64 CODEC(ZSTD),
  generation UInt64 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (site, kind, day, key)
TTL day + toIntervalYear(3)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

export const searchFiguresStep: Migration = { id: 17, name: 'search figures', statements: [searchFigures] }
