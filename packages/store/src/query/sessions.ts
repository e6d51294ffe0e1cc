import type { Connection, Row } from '../engine/connection.ts'
import type { Sessions } from '../model/report.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { filterCondition, rangeCondition } from './condition.ts'
import { fromSnapshots } from '../rollup/coverage.ts'
import { StoreError } from '../store-error.ts'

/** ms of attention that make a session engaged. */
const engagedMs = 10_000

/** SQL of whether a session is engaged, over the views of the session. It needs `session_views`. */
export const engagedSession = `session_views >= 2 OR sum(engaged_ms) >= ${engagedMs}`

/**
 * Returns the sessions with a view that a query's filter selects. All views of such a session in the range count: a session
 * that reached the selected post on its second page has two views.
 */
export async function sessions(connection: Connection, query: ReportQuery): Promise<Sessions> {
  const range = rangeCondition(query)
  const filter = filterCondition(query)
  const [row] = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT count() AS session_count, sum(session_views) AS view_count, countIf(is_engaged) AS engaged_count
FROM (
  SELECT count() AS session_views, ${engagedSession} AS is_engaged
  FROM snapshots FINAL
  WHERE ${range.where} AND ${fromSnapshots.cells} AND session IS NOT NULL
  GROUP BY session
  HAVING countIf(${filter.where}) > 0
)`,
    { ...range.parameters, ...filter.parameters },
  )
  if (row === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  return sessionsOf(row)
}

/** Returns the sessions of a row with their number, the number of their views, and of those that were engaged. */
export function sessionsOf(row: Row): Sessions {
  const count = Number(row['session_count'])
  if (count === 0) return { count, viewsPerSession: null, engaged: null, bounce: null }
  const engaged = Number(row['engaged_count'])
  return {
    count,
    viewsPerSession: Number(row['view_count']) / count,
    engaged: engaged / count,
    bounce: (count - engaged) / count,
  }
}
