import type { Connection } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { condition } from '../query/condition.ts'
import { fromSnapshots } from '../rollup/coverage.ts'

/** What a site's posts had in a range. */
export interface PageVisits {
  readonly post: string
  /** Visits from search engines: each view counts 1 ÷ its sampling. A reload is no new visit. */
  readonly searchVisits: number
  /** Engaged time of all views, seconds: each view's counts 1 ÷ its sampling. */
  readonly engagedSeconds: number
}

/** A range of a site's views. */
export type PageVisitsQuery = Pick<ReportQuery, 'site' | 'from' | 'to'>

/** Maximum number of posts: those with most search visits. */
const maxPosts = 10_000

/** Counts each post's search visits and engaged time in a range. A post without views is left out. */
export async function pageVisits(connection: Connection, query: PageVisitsQuery): Promise<PageVisits[]> {
  const { where, parameters } = condition(query)
  const rows = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT post,
  sumIf(1 / sampling, referrer_class = 'search' AND navigation IN ('navigate', 'prerender')) AS search_visits,
  sum(ifNull(engaged_ms, 0) / 1000 / sampling) AS engaged_seconds
FROM snapshots FINAL
WHERE ${where} AND ${fromSnapshots.cells} AND post IS NOT NULL
GROUP BY post
ORDER BY search_visits DESC, post
LIMIT ${maxPosts}`,
    parameters,
  )
  return rows.map((row) => ({
    post: String(row['post']),
    searchVisits: Number(row['search_visits']),
    engagedSeconds: Number(row['engaged_seconds']),
  }))
}
