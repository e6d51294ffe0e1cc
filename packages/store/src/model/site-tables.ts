import { quoted } from './quoted.ts'
import { cellOfView, hashOfView } from './view-place.ts'

/** A table whose rows belong to sites: it has a column `site`, a retention time, and no rows of a removed site. */
export interface SiteTable {
  readonly name: string
  /**
   * The UTC day of a row, as SQL in the engine's spelling. A row is retained for some days after it. null: as long as
   * the site exists, or as the schema says.
   */
  readonly day: string | null
  /** How a row names its view; null if a row belongs to no single view. Such rows are removed with a visitor's day. */
  readonly key: ViewKey | null
}

/** Two SQL expressions that are equal for a row and for the id of its view. */
export interface ViewKey {
  /** Over a row. */
  readonly row: string
  /** Over an id named `view`. */
  readonly id: string
}

const byId: ViewKey = { row: 'view', id: 'view' }
const byHash: ViewKey = { row: '(cell, view_hash)', id: `(${cellOfView}, ${hashOfView})` }

export const snapshots: SiteTable = { name: 'snapshots', day: 'toDate(started_at)', key: byId }

/** All such tables. A schema step that adds a table adds it here. */
export const siteTables: readonly SiteTable[] = [
  snapshots,
  // This day is never before the snapshot's own day, so the numbers of every retained view are retained.
  { name: 'arrivals', day: 'received_on', key: byHash },
  { name: 'bots', day: 'toDate(started_at)', key: byId },
  { name: 'drops', day: 'toDate(hour)', key: null },
  { name: 'hours', day: 'toDate(hour)', key: null },
  { name: 'days', day: 'toDate(day)', key: null },
  // Without its mark, a cell's views would be missing from reports.
  { name: 'marks', day: null, key: null },
  { name: 'rolled', day: null, key: null },
  // Counts of whole weeks have a retention time of their own in the schema.
  { name: 'search_weeks', day: null, key: null },
  { name: 'search_figures', day: null, key: null },
]

/** Returns SQL of whether a row belongs to one of these views. */
export function isOfViews({ row, id }: ViewKey, views: readonly string[]): string {
  return `${row} IN (arrayMap(view -> ${id}, CAST([${views.map(quoted).join(', ')}] AS Array(UUID))))`
}
