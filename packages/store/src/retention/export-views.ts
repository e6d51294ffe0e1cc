import type { Readable } from 'node:stream'
import type { Connection } from '../engine/connection.ts'
import { withLiterals } from '../model/quoted.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { rangeCondition } from '../query/condition.ts'

/** An export of a site's views. */
export interface ViewsExport {
  readonly views: number
  /** Parquet, while it is written. An incomplete file lacks the `PAR1` at its end. */
  readonly parquet: Readable
}

/** Number of rows that Parquet holds in memory before it writes them. */
const rowsOfGroup = 50_000

/**
 * Exports the views of a site that began in a range. Each view appears once, from its last snapshot, with all columns,
 * ids as text and in no order.
 * @throws {StoreError} `bad-query`
 */
export async function exportViews(
  connection: Connection,
  { site, from, to }: Omit<ReportQuery, 'filter'>,
): Promise<ViewsExport> {
  const { where, parameters } = rangeCondition({ site, from, to })
  const [row] = await connection.query(
    `SELECT count() AS views FROM snapshots FINAL WHERE ${where}`,
    parameters,
  )
  const select = `
SELECT * REPLACE (toString(view) AS view, toString(session) AS session)
FROM (SELECT * FROM snapshots FINAL WHERE ${withLiterals(where, parameters)})
SETTINGS max_execution_time = 0, output_format_parquet_row_group_size = ${rowsOfGroup}`
  return { views: Number(row?.['views']), parquet: await connection.parquet(select) }
}
