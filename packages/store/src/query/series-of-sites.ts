import type { Row } from '../engine/connection.ts'
import { metricPaths, selectionOf } from '../model/catalogue/catalogue.ts'
import type { SeriesPoint } from '../model/report.ts'
import { type Interval, maxSites, type ReportQuery } from '../model/report-query.ts'
import { cellOfView } from '../model/view-place.ts'
import type { ReportSource } from '../rollup/rollups-or-views.ts'
import { StoreError } from '../store-error.ts'
import { rangeParameters } from './condition.ts'
import { boundariesOf } from './intervals.ts'
import { noMetrics, readMetrics } from './read-metrics.ts'
import { series } from './report.ts'
import { aggregateViews } from './select-metrics.ts'

/** A query about the views of several sites in one range. */
export interface SitesQuery extends Pick<ReportQuery, 'from' | 'to' | 'metrics'> {
  /** 1 to {@link maxSites} ids. */
  readonly sites: readonly string[]
}

/**
 * Returns the series of each site, in UTC. Sites with few views share one statement: a statement takes the engine some ms,
 * whatever it reads. A site with so many views that its rollups are faster gets a query of its own.
 */
export async function seriesOfSites(
  source: ReportSource,
  { sites, ...rest }: SitesQuery,
  interval: Interval,
): Promise<Map<string, SeriesPoint[]>> {
  if (sites.length === 0 || sites.length > maxSites || sites.some((site) => !/^[A-Za-z0-9_-]+$/.test(site))) {
    throw new StoreError('bad-query', `a query is about 1 to ${maxSites} sites`)
  }
  const parameters = rangeParameters({ site: '', ...rest })
  const starts = boundariesOf({ site: '', ...rest }, interval, 'UTC').slice(0, -1)
  const rows = await source.connection.query(snapshotsSql, { ...parameters, sites: sites.join(',') })
  const sizes = new Map(rows.map((row) => [String(row['site']), Number(row['snapshots'])]))
  const found = new Map<string, SeriesPoint[]>()
  const { shared, alone } = divide(sizes, source.exactViews)
  for (const batch of shared) {
    const sql = seriesSql(starts, rest)
    const answers = await source.connection.query(sql, { ...parameters, sites: batch.join(',') })
    const bySite = Map.groupBy(answers, (row) => String(row['of_site']))
    for (const site of batch) found.set(site, pointsOf(bySite.get(site) ?? [], starts, rest))
  }
  for (const site of alone) {
    found.set(site, await series(source, { site, ...rest }, { interval, timeZone: 'UTC' }))
  }
  const none = starts.map((at) => ({ start: new Date(at), metrics: noMetrics }))
  return new Map(sites.map((site) => [site, found.get(site) ?? none]))
}

/** Divides the sites into batches with at most `most` snapshots, and those that have more alone. */
function divide(
  sizes: ReadonlyMap<string, number>,
  most: number,
): { readonly shared: readonly (readonly string[])[]; readonly alone: readonly string[] } {
  const shared: string[][] = []
  const alone: string[] = []
  let room = 0
  for (const [site, size] of sizes) {
    if (size > most) {
      alone.push(site)
      continue
    }
    if (shared.length === 0 || size > room) {
      shared.push([])
      room = most
    }
    shared.at(-1)?.push(site)
    room -= size
  }
  return { shared, alone }
}

const isOfSites = "site IN (SELECT arrayJoin(splitByChar(',', {sites:String})))"

const marked = `
  marked AS (
    SELECT site, cell, sum(writes) AS generation FROM marks WHERE ${isOfSites} GROUP BY site, cell
  )`

/** The cells that may have views of the range: see `matchesQuery`, of one site. */
const cells = `
    SELECT site, cell FROM marked WHERE (site, cell, generation) NOT IN (
      SELECT site, cell, generation FROM rolled FINAL WHERE ${isOfSites} AND unit = 'hour')
    UNION ALL
    SELECT site, cell FROM hours
    PREWHERE ${isOfSites} AND slice = 'all'
      AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}`

const snapshotsSql = `
WITH ${marked}
SELECT site, sum(generation) AS snapshots FROM marked WHERE (site, cell) IN (${cells}) GROUP BY site ORDER BY site`

function seriesSql(
  starts: readonly number[],
  { metrics = metricPaths }: Pick<SitesQuery, 'metrics'>,
): string {
  const { columns, steps, aggregates } = aggregateViews(selectionOf(metrics))
  const startsSql = starts.map((at) => `toInt64(${at})`).join(', ')
  return `
WITH ${[marked, ...steps].join(',\n  ')}
SELECT of_site, start, ${columns}
FROM (
  SELECT site AS of_site, roundDown(toUnixTimestamp64Milli(started_at), [${startsSql}]) AS start,
  ${aggregates}
  FROM snapshots FINAL
  WHERE ${isOfSites}
    AND started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}
    AND (site, ${cellOfView}) IN (${cells})
  GROUP BY of_site, start
)`
}

function pointsOf(
  rows: readonly Row[],
  starts: readonly number[],
  { metrics = metricPaths }: Pick<SitesQuery, 'metrics'>,
): SeriesPoint[] {
  const found = new Map(
    rows.map((row) => [Number(row['start']), readMetrics(row, { paths: metrics, binned: false })]),
  )
  return starts.map((at) => ({ start: new Date(at), metrics: found.get(at) ?? noMetrics }))
}
