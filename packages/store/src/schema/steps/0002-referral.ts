import type { Migration } from '../migration.ts'

/** Earlier rows have null: the collector did not derive a referral then. */
export const referral = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS referrer_class LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS search_engine LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS assistant LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_source LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_medium LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_name LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_term LowCardinality(Nullable(String)),
  ADD COLUMN IF NOT EXISTS campaign_content LowCardinality(Nullable(String))`

export const referralStep: Migration = { id: 2, name: 'referral', statements: [referral] }
