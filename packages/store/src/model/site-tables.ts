import { quoted } from './quoted.ts'
import { cellOfView, hashOfView } from './view-place.ts'

/** A table whose rows belong to sites: each has a column `site`, is kept for so long and is emptied of a removed site. */
export interface SiteTable {
  readonly name: string
  /**
   * The day a row is of, UTC, as SQL in the engine's own spelling: a row is kept for so many days after it; null: for as
   * long as the site.
   */
  readonly day: string | null
  /** What tells the one view that a row is of, null where it is of none: such rows go with a visitor's day. */
  readonly key: ViewKey | null
}

/** SQL, equal for a row and for the id of its view. */
export interface ViewKey {
  /** Of a row. */
  readonly row: string
  /** Of an id named `view`. */
  readonly id: string
}

const byId: ViewKey = { row: 'view', id: 'view' }
const byHash: ViewKey = { row: '(cell, view_hash)', id: `(${cellOfView}, ${hashOfView})` }

export const snapshots: SiteTable = { name: 'snapshots', day: 'toDate(started_at)', key: byId }

/** All of them. A step of the schema that adds another adds it here. */
export const siteTables: readonly SiteTable[] = [
  snapshots,
  // No earlier than the snapshot's own day, so that of no view that is kept a number goes missing.
  { name: 'arrivals', day: 'received_on', key: byHash },
  { name: 'bots', day: 'toDate(started_at)', key: byId },
  { name: 'drops', day: 'toDate(hour)', key: null },
  { name: 'hours', day: 'toDate(hour)', key: null },
  { name: 'days', day: 'toDate(day)', key: null },
  // A mark that was forgotten would leave its cell's views out of reports.
  { name: 'marks', day: null, key: null },
  { name: 'rolled', day: null, key: null },
]

/** SQL of whether a row is of one of these views. */
export function isOfViews({ row, id }: ViewKey, views: readonly string[]): string {
  return `${row} IN (arrayMap(view -> ${id}, CAST([${views.map(quoted).join(', ')}] AS Array(UUID))))`
}
