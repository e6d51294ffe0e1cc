import type { Migration } from '../migration.ts'

/**
 * Visits from search engines of each week and place. A week has the rows of its highest generation: a later count may lack
 * some of the places. Each count has a row without place and engine, so that a week without visits differs from one that was
 * not counted. An empty text is not known. The retention of views does not apply: a row is of no single reader.
 */
const searchWeeks = `
CREATE TABLE IF NOT EXISTS search_weeks (
  site LowCardinality(String) CODEC(ZSTD),
  week Date CODEC(Delta, ZSTD),
  country LowCardinality(String) CODEC(ZSTD),
  subdivision LowCardinality(String) CODEC(ZSTD),
  engine LowCardinality(String) CODEC(ZSTD),
  views UInt64 CODEC(ZSTD),
  visits Float64 CODEC(ZSTD),
  generation UInt64 CODEC(ZSTD)
)
ENGINE = ReplacingMergeTree(generation)
ORDER BY (site, week, country, subdivision, engine)
TTL week + toIntervalYear(3)
SETTINGS non_replicated_deduplication_window = 1000, fsync_after_insert = 1, fsync_part_directory = 1`

export const searchWeeksStep: Migration = { id: 16, name: 'search weeks', statements: [searchWeeks] }
