import type { Connection } from '../engine/connection.ts'
import type { Sessions } from '../model/report.ts'
import type { ReportQuery } from '../model/report-query.ts'
import type { OfRows, OfRowsQuery } from '../model/rows.ts'
import { fromSnapshots } from '../rollup/coverage.ts'
import { condition, filterCondition, rangeCondition } from './condition.ts'
import { rowKey, writeRowKey } from './row-key.ts'
import { checkRows } from './rows.ts'
import { engagedSession, sessionsOf } from './sessions.ts'

/**
 * Returns the sessions with a view in each row. A session with views in several rows counts in each of them, with all its
 * views in the range.
 */
export async function sessionsOfRows(
  connection: Connection,
  query: ReportQuery,
  of: OfRowsQuery,
): Promise<OfRows<Sessions>> {
  const range = rangeCondition(query)
  const filter = filterCondition(query)
  const row = placeOf(of)
  const found = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT arrayJoin(places) AS place, count() AS session_count, sum(session_views) AS view_count,
  countIf(is_engaged) AS engaged_count
FROM (
  SELECT count() AS session_views, ${engagedSession} AS is_engaged,
    groupUniqArrayIf(${row.sql}, ${filter.where}) AS places
  FROM snapshots FINAL
  WHERE ${range.where} AND ${fromSnapshots.cells} AND session IS NOT NULL
  GROUP BY session
)
GROUP BY place`,
    { ...range.parameters, ...filter.parameters, ...row.parameters },
  )
  const byPlace = new Map(found.map((each) => [Number(each['place']), sessionsOf(each)]))
  const at = (place: number) => byPlace.get(place) ?? noSessions
  return { rows: of.keys.map((_, i) => at(i + 1)), remainder: at(0) }
}

/** Returns the visitors of each row, each counted once for every UTC day; null where no view has a visitor id. */
export async function visitorsOfRows(
  connection: Connection,
  query: ReportQuery,
  of: OfRowsQuery,
): Promise<OfRows<number | null>> {
  const { where, parameters } = condition(query)
  const row = placeOf(of)
  const found = await connection.query(
    `WITH ${fromSnapshots.states}
SELECT ${row.sql} AS place, uniqExact(visitor) AS visitors
FROM snapshots FINAL WHERE ${where} AND ${fromSnapshots.cells} GROUP BY place`,
    { ...parameters, ...row.parameters },
  )
  const byPlace = new Map(found.map((each) => [Number(each['place']), Number(each['visitors']) || null]))
  const at = (place: number) => byPlace.get(place) ?? null
  return { rows: of.keys.map((_, i) => at(i + 1)), remainder: at(0) }
}

const noSessions: Sessions = { count: 0, viewsPerSession: null, engaged: null, bounce: null }

/** Returns SQL of a view's row, from 1; 0 if it is in none of them. */
function placeOf({ by, keys }: OfRowsQuery): {
  readonly sql: string
  readonly parameters: Record<string, string>
} {
  checkRows({ by, first: Math.max(1, keys.length) })
  if (keys.length === 0) return { sql: '0', parameters: {} }
  const parameters = Object.fromEntries(keys.map((key, i) => [`row${i}`, writeRowKey(key)]))
  const hashes = keys.map((_, i) => `sipHash64({row${i}:String})`).join(', ')
  const places = keys.map((_, i) => `toUInt32(${i + 1})`).join(', ')
  return {
    sql: `transform(sipHash64(${rowKey(by).viewed}), [${hashes}], [${places}], toUInt32(0))`,
    parameters,
  }
}
