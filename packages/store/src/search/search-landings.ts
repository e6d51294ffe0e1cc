import type { Connection } from '../engine/connection.ts'
import { condition } from '../query/condition.ts'
import { fromSnapshots } from '../rollup/coverage.ts'

/** Visits that began with a result of a search engine on one post. */
export interface SearchLanding {
  /** The CMS's id of the post. */
  readonly post: string
  /** Measured views that came from a search engine. */
  readonly views: number
  /** Visits there would be if every session was measured: each view counts 1 ÷ its sampling. */
  readonly visits: number
}

/** A range of a site's views. */
export interface SearchLandingsQuery {
  readonly site: string
  readonly from: Date
  readonly to: Date
}

/** Maximum number of posts that are listed: those with most visits. */
const maxPosts = 1000

/**
 * Returns the visits from search engines by post, most visits first. A page that is reloaded or shown again has the referrer of its
 * first load, but is no new visit. Only views that are still retained count.
 * @throws {StoreError} `bad-query`
 */
export async function searchLandings(
  connection: Pick<Connection, 'query'>,
  query: SearchLandingsQuery,
): Promise<SearchLanding[]> {
  const { where, parameters } = condition(query)
  const rows = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT post, count() AS view_count, sum(1 / sampling) AS visit_count
FROM snapshots FINAL
WHERE ${where} AND ${fromSnapshots.cells} AND referrer_class = 'search' AND navigation IN ('navigate', 'prerender')
  AND post IS NOT NULL
GROUP BY post
ORDER BY visit_count DESC, post
LIMIT ${maxPosts}`,
    parameters,
  )
  return rows.map((row) => ({
    post: String(row['post']),
    views: Number(row['view_count']),
    visits: Number(row['visit_count']),
  }))
}
