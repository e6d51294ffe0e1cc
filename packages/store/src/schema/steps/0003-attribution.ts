import type { Migration } from '../migration.ts'

/** The elements and phases that explain the vitals. */
export const attribution = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS lcp_target LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS lcp_url LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS lcp_time_to_first_byte Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_resource_load_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_resource_load_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS lcp_element_render_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_target LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS inp_input_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_processing_duration Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS inp_presentation_delay Nullable(Float32) CODEC(ZSTD),
  ADD COLUMN IF NOT EXISTS cls_target LowCardinality(Nullable(String))`

export const attributionStep: Migration = { id: 3, name: 'attribution', statements: [attribution] }
