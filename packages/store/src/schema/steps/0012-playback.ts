import type { Migration } from '../migration.ts'

/** How videos and sounds played, in whole ms, so that a sum does not depend on its order. */
const playback = `
ALTER TABLE snapshots
  ADD COLUMN IF NOT EXISTS played_ms Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS stalled_ms Nullable(UInt32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS stalls Nullable(UInt32) CODEC(ZSTD)`

export const playbackStep: Migration = { id: 12, name: 'playback', statements: [playback] }
