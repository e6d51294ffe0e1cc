import type { Migration } from '../migration.ts'

/** The session links the views of one tab, one after another. */
export const session = `
ALTER TABLE views
  ADD COLUMN IF NOT EXISTS session Nullable(UUID),
  ADD COLUMN IF NOT EXISTS landing Nullable(Bool)`

export const sessionStep: Migration = { id: 4, name: 'session', statements: [session] }
