import type { Connection } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { rangeParameters } from './condition.ts'
import { rowTime } from '../model/view-row.ts'

/** How many beacons of a site one run of the collector did not keep in one hour, as a row of NDJSON. */
export interface DropRow {
  readonly site: string
  /** {@link hourTime} */
  readonly hour: string
  readonly reason: string
  /** UUID of the run. */
  readonly run: string
  /** All of the hour so far: of equal rows the highest counts. */
  readonly beacons: number
}

/** Beacons that were not kept for one reason. */
export interface DropCount {
  readonly reason: string
  readonly beacons: number
}

/** The start of a moment's hour as a row carries it. */
export function hourTime(epochMs: number): string {
  return rowTime(epochMs - (epochMs % 3_600_000)).slice(0, 19)
}

/**
 * The beacons of a query's site that were not kept in hours that began in its range or hold its start, most first. Its filter is not
 * heeded.
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
