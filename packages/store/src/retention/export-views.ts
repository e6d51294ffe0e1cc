import type { Readable } from 'node:stream'
import type { Connection } from '../engine/connection.ts'
import { withLiterals } from '../model/quoted.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { rangeCondition } from '../query/condition.ts'

/** The views of a site as a file. */
export interface ViewsExport {
  readonly views: number
  /** Parquet, as it is written. A file that was not written to its end lacks the `PAR1` that it should end with. */
  readonly parquet: Readable
}

/** Parquet keeps so many rows in memory before it writes them. */
const rowsOfGroup = 50_000

/**
 * The views of a site that began in a range, each once, as its last snapshot has it; all columns, ids as text, in no order.
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
