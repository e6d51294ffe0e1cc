import { condition } from './condition.ts'
import type { Connection } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { fromSnapshots } from '../rollup/coverage.ts'

/**
 * The visitors of the views that a query chooses, each counted once for every UTC day, or null when no view tells its
 * visitor. An id is of one day alone, so that what is different over days is added up over them. Counted from the
 * snapshots whatever their number: no sum of sums tells who was counted already.
 */
export async function visitors(connection: Connection, query: ReportQuery): Promise<number | null> {
  const { where, parameters } = condition(query)
  const [row] = await connection.query(
    `WITH ${fromSnapshots.states}
SELECT uniqExact(visitor) AS visitors FROM snapshots FINAL WHERE ${where} AND ${fromSnapshots.cells}`,
    parameters,
  )
  return Number(row?.['visitors']) || null
}
