import type { Migration } from '../migration.ts'

/**
 * How the page behaved beside its vitals, and the reader's actions. A view of a sampled site stands for 1 ÷ `sampling` views;
 * earlier rows were not sampled. A list is empty both when nothing was counted and when nothing was measured: the counts
 * beside it, which may be null, distinguish the two.
 */
const experience = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS sampling Float32 DEFAULT 1 CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS hidden Nullable(Bool),
  ADD COLUMN IF NOT EXISTS timing_redirect Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_lookup Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_connect Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_tls Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_request Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_response Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_interactive Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS timing_content_loaded Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS resources Array(Tuple(
    type LowCardinality(String), count UInt32, cached UInt32, duration Float32, bytes UInt64)) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS long_frames_blocking Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS script_errors Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS resource_errors Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS error_samples Array(Tuple(
    kind LowCardinality(String), text String, source Nullable(String), line Nullable(UInt32))) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS interactions Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS copies Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS outbound_clicks Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS download_clicks Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS events Array(Tuple(
    name LowCardinality(String), count UInt32, value Nullable(Float64))) CODEC(ZSTD)`

export const experienceStep: Migration = { id: 7, name: 'experience', statements: [experience] }
