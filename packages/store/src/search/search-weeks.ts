import type { Connection, Insertion } from '../engine/connection.ts'
import { condition } from '../query/condition.ts'
import { fromSnapshots } from '../rollup/coverage.ts'
import { addWeeks, type SearchCount, type SearchWeek, weekStart } from './search-week.ts'

/** A count of a site's weeks. */
export interface SearchWeeksCount {
  readonly site: string
  /** Weeks that are over at this moment are counted. */
  readonly now: Date
  /** Days that the site's views are retained. A week that is not retained as a whole is not counted any more. */
  readonly retentionDays: number
  /** Starts no further week when it aborts. */
  readonly signal?: AbortSignal | undefined
}

/** Collectors accept reports that are up to a week old, so that the last weeks are counted again. */
const weeksCountedAgain = 2

const dayMs = 86_400_000

/**
 * Counts the visits from search engines of a site's complete weeks: those that were not counted yet, and the last ones again.
 * Returns the number of weeks that it counted.
 */
export async function countSearchWeeks(
  connection: Connection,
  insert: (insertion: Insertion) => Promise<void>,
  { site, now, retentionDays, signal }: SearchWeeksCount,
): Promise<number> {
  const firstView = await firstViewOf(connection, site)
  if (firstView === null) return 0
  const thisWeek = weekStart(now.getTime())
  const oldest = Math.max(firstView, now.getTime() - (retentionDays - 1) * dayMs)
  const counted = new Set((await searchWeeks(connection, site)).map(({ start }) => start.getTime()))
  const generation = Math.max(now.getTime(), (await lastGeneration(connection, site)) + 1)
  let weeks = 0
  for (let start = firstWholeWeek(oldest); start < thisWeek; start = addWeeks(start, 1)) {
    signal?.throwIfAborted()
    if (counted.has(start) && start < addWeeks(thisWeek, -weeksCountedAgain)) continue
    const counts = await countWeek(connection, site, start)
    const rows = counts.map((count) => rowOf({ site, start, generation }, count))
    await insert({
      table: 'search_weeks',
      rows: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
      token: `search ${site} ${start} ${generation}`,
    })
    weeks++
  }
  return weeks
}

/** Returns the counted weeks of a site, oldest first. */
export async function searchWeeks(connection: Connection, site: string): Promise<SearchWeek[]> {
  const rows = await connection.query(
    `
SELECT toUnixTimestamp(toDateTime(week, 'UTC')) AS start, country, subdivision, engine, views, visits
FROM search_weeks FINAL
WHERE site = {site:String} AND (week, generation) IN (
  SELECT week, max(generation) FROM search_weeks WHERE site = {site:String} GROUP BY week)
ORDER BY week, country, subdivision, engine`,
    { site },
  )
  const weeks = new Map<number, SearchCount[]>()
  for (const row of rows) {
    const start = Number(row['start']) * 1000
    const counts = weeks.get(start) ?? []
    weeks.set(start, counts)
    const views = Number(row['views'])
    if (views === 0) continue
    const known = (name: string) => (row[name] === '' ? null : String(row[name]))
    counts.push({
      country: known('country'),
      subdivision: known('subdivision'),
      engine: known('engine'),
      views,
      visits: Number(row['visits']),
    })
  }
  return [...weeks].map(([start, counts]) => ({ start: new Date(start), counts }))
}

/** Returns the highest generation of a site's counts: a later count has a higher one, even if the clock was set back. */
async function lastGeneration(connection: Connection, site: string): Promise<number> {
  const [row] = await connection.query(
    'SELECT max(generation) AS last FROM search_weeks WHERE site = {site:String}',
    { site },
  )
  return Number(row?.['last'])
}

/** Returns when the site's first retained view began, epoch ms; null if it has none. */
async function firstViewOf(connection: Connection, site: string): Promise<number | null> {
  const [row] = await connection.query(
    `SELECT count() AS views, toUnixTimestamp64Milli(min(started_at)) AS first FROM snapshots WHERE site = {site:String}`,
    { site },
  )
  return Number(row?.['views']) === 0 ? null : Number(row?.['first'])
}

function firstWholeWeek(from: number): number {
  const start = weekStart(from)
  return start === from ? start : addWeeks(start, 1)
}

/**
 * Counts one week. A page that is reloaded or shown again has the referrer of its first load, but is no new visit. A list
 * always has a row without place and engine.
 */
async function countWeek(connection: Connection, site: string, start: number): Promise<SearchCount[]> {
  const range = { site, from: new Date(start), to: new Date(addWeeks(start, 1)) }
  const { where, parameters } = condition(range)
  const rows = await connection.query(
    `
WITH ${fromSnapshots.states}
SELECT country, subdivision, search_engine, count() AS view_count, sum(1 / sampling) AS visit_count
FROM snapshots FINAL
WHERE ${where} AND ${fromSnapshots.cells} AND referrer_class = 'search' AND navigation IN ('navigate', 'prerender')
GROUP BY country, subdivision, search_engine`,
    parameters,
  )
  const counts = rows.map((row) => ({
    country: row['country'] as string | null,
    subdivision: row['subdivision'] as string | null,
    engine: row['search_engine'] as string | null,
    views: Number(row['view_count']),
    visits: Number(row['visit_count']),
  }))
  const hasUnknown = counts.some((of) => of.country === null && of.subdivision === null && of.engine === null)
  const none = { country: null, subdivision: null, engine: null, views: 0, visits: 0 }
  return hasUnknown ? counts : [...counts, none]
}

function rowOf(
  { site, start, generation }: { readonly site: string; readonly start: number; readonly generation: number },
  { country, subdivision, engine, views, visits }: SearchCount,
): Readonly<Record<string, string | number>> {
  return {
    site,
    week: new Date(start).toISOString().slice(0, 10),
    country: country ?? '',
    subdivision: subdivision ?? '',
    engine: engine ?? '',
    views,
    visits,
    generation,
  }
}
