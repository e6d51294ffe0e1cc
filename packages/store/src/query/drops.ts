import type { Connection } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { rangeParameters } from './condition.ts'
import { rowTime } from '../model/view-row.ts'

/** The number of a site's beacons that one run of the collector dropped in one hour, as a row of NDJSON. */
export interface DropRow {
  readonly site: string
  /** {@link hourTime} */
  readonly hour: string
  readonly reason: string
  /** UUID of the run. */
  readonly run: string
  /** All of the hour so far. Of rows with the same key the highest counts. */
  readonly beacons: number
}

/** Beacons that were dropped for one reason. */
export interface DropCount {
  readonly reason: string
  readonly beacons: number
}

/** Returns the start of a moment's hour in a row's format. */
export function hourTime(epochMs: number): string {
  return rowTime(epochMs - (epochMs % 3_600_000)).slice(0, 19)
}

/**
 * Returns the dropped beacons of a query's site, most first. Hours that began in its range count, and the hour that contains
 * its start. Its filter is ignored.
 */
export async function drops(connection: Connection, query: ReportQuery): Promise<DropCount[]> {
  const rows = await connection.query(
    `
SELECT reason, sum(beacons) AS total FROM drops FINAL
WHERE site = {site:String} AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
GROUP BY reason ORDER BY total DESC, reason`,
    rangeParameters(query),
  )
  return rows.map((row) => ({ reason: String(row['reason']), beacons: Number(row['total']) }))
}
