/** A table whose rows belong to sites: each has a column `site`, is kept for so long and is emptied of a removed site. */
export interface SiteTable {
  readonly name: string
  /**
   * The day a row is of, UTC, as SQL in the engine's own spelling: a row is kept for so many days after it; null: for as
   * long as the site.
   */
  readonly day: string | null
  /** Whether a row is of one view, told by the column `view`: such rows go with a visitor's day. */
  readonly isOfView: boolean
}

/** All of them. A step of the schema that adds another adds it here. */
export const siteTables: readonly SiteTable[] = [
  { name: 'snapshots', day: 'toDate(started_at)', isOfView: true },
  // No earlier than the snapshot's own day, so that of no view that is kept a number goes missing.
  { name: 'receipts', day: 'received_on', isOfView: true },
  { name: 'bots', day: 'toDate(started_at)', isOfView: true },
  { name: 'drops', day: 'toDate(hour)', isOfView: false },
  { name: 'hours', day: 'toDate(hour)', isOfView: false },
  { name: 'days', day: 'toDate(day)', isOfView: false },
  // A mark that was forgotten would leave its cell's views out of reports.
  { name: 'marks', day: null, isOfView: false },
  { name: 'rolled', day: null, isOfView: false },
]
