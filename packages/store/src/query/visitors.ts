import { condition } from './condition.ts'
import type { Connection } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { fromSnapshots } from '../rollup/coverage.ts'

/**
 * Returns the number of visitors of a query's views, each counted once for every UTC day; null when no view has a visitor id.
 * An id is valid for one day, so distinct ids over several days are the sum over these days. They are counted from the
 * snapshots however many there are, because sums of distinct counts would count a visitor twice.
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
