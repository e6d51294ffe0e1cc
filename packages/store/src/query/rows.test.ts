import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { type MetricPath, metricPaths } from '../model/catalogue/catalogue.ts'
import type { DimensionFilter } from '../model/report-query.ts'
import { type Dimension, dimensions, type ReportQuery } from '../model/report-query.ts'
import { scalarOf } from '../model/scalar.ts'
import type { MetricsRow, RowsPage } from '../model/rows.ts'
import type { ViewRow } from '../model/view-row.ts'
import { near } from '../near.testing.ts'
import { ndjson, range, rowsOver, sites } from '../random-rows.testing.ts'
import { countingRows, recompute, recomputeSessions } from '../recomputation.testing.ts'
import { roll } from '../rollup/roll.ts'
import { reportSource, type ReportSource } from '../rollup/rollups-or-views.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import { sessionsOfRows, visitorsOfRows } from './of-rows.ts'
import { totals } from './report.ts'
import { pageOfRows as rowsPage } from './rows.ts'
import { sessions } from './sessions.ts'

const hour = 3_600_000
const at = range.from.getTime()
const always = { settleMs: 0, hourPauseMs: 0, dayPauseMs: 0, budgetMs: 60_000 }

const values: Partial<Record<Dimension, readonly string[]>> = {
  country: ['NL', 'JP', 'FR'],
  post: ['1', "it's", 'none'],
  arm: ['assisted', 'control', 'none'],
  device: ['mobile', 'desktop'],
  browser: ['Chrome', 'Firefox'],
  connection: ['4g', '3g'],
  search_engine: ['Google', 'Bing'],
  campaign_source: ['newsletter', 'ü "x"'],
}
const condition: fc.Arbitrary<DimensionFilter> = fc
  .constantFrom(...(Object.keys(values) as Dimension[]))
  .chain((by) => {
    const value = fc.constantFrom(...(values[by] ?? ['x']))
    const several = fc.array(value, { minLength: 1, maxLength: 3 })
    return fc.oneof(
      value.map((eq) => ({ by, eq })),
      several.map((among) => ({ by, in: among })),
      several.map((not) => ({ by, not })),
      fc.boolean().map((isUnknown) => ({ by, isUnknown })),
      fc.record({ among: several, not: value }).map(({ among, not }) => ({ by, in: among, not: [not] })),
    )
  })

describe('rows of dimensions', { timeout: 300_000 }, () => {
  let directory: string
  let connection: Connection
  let sources: readonly ReportSource[]
  let rows: ViewRow[]
  const site = 'aaaaaaaaaaaaaaaa'
  const whole: ReportQuery = { site, from: new Date(at - 72 * hour), to: new Date(at + 120 * hour) }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rows-'))
    connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    await bringEmbeddedUpToDate(connection)
    rows = fc.sample(rowsOver(60, 300), { numRuns: 500, seed: 22 }).map((row) => ({ ...row, site }))
    await connection.insert({ table: 'snapshots', rows: ndjson(rows), token: 'all' })
    await roll(connection, always)
    // Exact ones from the snapshots, and those of the rollups.
    sources = [reportSource(connection, Infinity), reportSource(connection, -1)]
  })
  after(async () => {
    await connection.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('and the remainder equal a recomputation under random filters, and add up to the total', async () => {
    assert.equal(sites[0], site)
    const runs = fc.record({
      where: fc.array(condition, { maxLength: 3 }),
      by: fc.subarray([...dimensions], { minLength: 1, maxLength: 2 }),
      first: fc.integer({ min: 1, max: 5 }),
      metric: fc.constantFrom(...metricPaths),
      direction: fc.constantFrom('asc', 'desc'),
      length: fc.integer({ min: 1, max: 150 }),
    })
    await fc.assert(
      fc.asyncProperty(runs, async ({ where, by, first, metric, direction, length }) => {
        const to = new Date(whole.from.getTime() + length * hour)
        const query: ReportQuery = { ...whole, to, filter: { where } }
        const counting = countingRows(rows, query)
        for (const source of sources) {
          near(await totals(source, query), recompute(counting))
          const order = { metric, direction }
          const page = await rowsPage(source, query, { by, first, order })
          checkPage(page, counting, by)
          checkOrder(page.rows, metric, direction)
          const byViews = await rowsPage(source, query, { by, first })
          checkPage(byViews, counting, by)
          checkOrder(byViews.rows, 'views', 'desc')
          const alone = await rowsPage(source, query, { by, first, withRemainder: false })
          assert.deepEqual(
            alone.rows.map(({ keys, metrics: { views } }) => [keys, views]),
            byViews.rows.map(({ keys, metrics: { views } }) => [keys, views]),
          )
          const last = page.rows.at(-1)
          if (last === undefined) continue
          const next = await rowsPage(source, query, { by, first, order, after: last.position })
          checkPage(next, counting, by)
          const keys = [...page.rows, ...next.rows].map((row) => JSON.stringify(row.keys))
          assert.equal(new Set(keys).size, keys.length, 'no row is on two pages')
          assert.equal(keys.length, Math.min(page.totalCount, 2 * first))
        }
      }),
      { numRuns: 6, endOnFailure: true },
    )
  })

  function checkPage(page: RowsPage, counting: readonly ViewRow[], by: readonly Dimension[]): void {
    const keyOf = (row: ViewRow) => JSON.stringify(by.map((dimension) => row[dimension] ?? null))
    const groups = Map.groupBy(counting, keyOf)
    assert.equal(page.totalCount, groups.size)
    const inRows = new Set<string>()
    for (const { keys, metrics } of page.rows) {
      inRows.add(JSON.stringify(keys))
      near(metrics, recompute(groups.get(JSON.stringify(keys)) ?? []))
    }
    near(page.remainder, recompute(counting.filter((row) => !inRows.has(keyOf(row)))))
    const views = page.rows.reduce((sum, { metrics }) => sum + metrics.views, page.remainder.views)
    assert.equal(views, counting.length)
  }

  function checkOrder(found: readonly MetricsRow[], metric: MetricPath, direction: string): void {
    const known = found.map(({ metrics }) => scalarOf(metrics, metric)?.value ?? null)
    const sorted = known.toSorted((a, b) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      return direction === 'desc' ? b - a : a - b
    })
    assert.deepEqual(known, sorted)
  }

  test('the rows of some posts are paged through, and all other views are in the remainder', async () => {
    const counting = countingRows(rows, whole)
    const posts = ['1', "it's"]
    for (const source of sources) {
      const order = { metric: 'speed.lcp', direction: 'asc' } as const
      const page = await rowsPage(source, whole, { by: ['post'], first: 1, order, posts })
      assert.deepEqual([page.totalCount, page.hasNextPage], [2, true])
      const place = page.rows[0]?.position
      const next = await rowsPage(source, whole, { by: ['post'], first: 1, order, posts, after: place })
      assert.deepEqual([next.totalCount, next.hasNextPage], [2, false])
      const keys = [...page.rows, ...next.rows].flatMap((row) => row.keys)
      assert.deepEqual(new Set(keys), new Set(posts))
      const both = await rowsPage(source, whole, { by: ['post'], first: 5, posts })
      near(both.remainder, recompute(counting.filter(({ post }) => post === null || !posts.includes(post))))
      const none = await rowsPage(source, whole, { by: ['post'], first: 5, posts: [] })
      assert.deepEqual([none.rows, none.totalCount, none.hasNextPage], [[], 0, false])
      near(none.remainder, recompute(counting))
      await assert.rejects(rowsPage(source, whole, { by: ['country'], first: 5, posts }), /only rows by post/)
    }
  })

  test('sessions and visitors of rows are those of a filter by each row', async () => {
    const by = ['country', 'device'] as const
    const page = await rowsPage(sources[0] as ReportSource, whole, { by, first: 4 })
    const of = { by, keys: page.rows.map(({ keys }) => keys) }
    const ofSessions = await sessionsOfRows(connection, whole, of)
    const ofVisitors = await visitorsOfRows(connection, whole, of)
    assert.ok(ofSessions.remainder.count > 0)
    for (const [i, { keys }] of page.rows.entries()) {
      const where = by.map((dimension, k): DimensionFilter => {
        const value = keys[k]
        return value == null ? { by: dimension, isUnknown: true } : { by: dimension, eq: value }
      })
      const query = { ...whole, filter: { where } }
      assert.deepEqual(ofSessions.rows[i], recomputeSessions(rows, query))
      assert.deepEqual(ofSessions.rows[i], await sessions(connection, query))
      const ids = countingRows(rows, query).flatMap(({ visitor }) => visitor ?? [])
      assert.equal(ofVisitors.rows[i], new Set(ids).size || null)
    }
  })

  test('a further percentile equals its recomputation, also within the error of bins', async () => {
    const quantiles = [0.001, 0.1, 0.5, 0.75, 0.95, 0.999].map((p) => ({ measure: 'lcp' as const, p }))
    const sorted = countingRows(rows, whole)
      .flatMap(({ lcp }) => (lcp === null ? [] : [Math.fround(lcp)]))
      .toSorted((a, b) => a - b)
    for (const source of sources) {
      const { quantiles: found } = await totals(source, { ...whole, metrics: [], quantiles })
      for (const { measure, p } of quantiles) {
        const exact = sorted[Math.ceil(sorted.length * p) - 1] ?? Number.NaN
        const { value = Number.NaN, samples, error = 0 } = found?.get(`${measure} ${p}`) ?? {}
        assert.equal(samples, sorted.length)
        assert.ok(
          Math.abs(value - exact) <= exact * (error + 1e-6) + (error > 0 ? 0.5 : 0),
          `${p}: ${value} for ${exact}`,
        )
      }
    }
  })

  test('extending a range never lowers views or bytes', async () => {
    for (const source of sources) {
      let earlier = { views: 0, bytes: 0 }
      for (let length = 1; length < 190; length += 23) {
        const to = new Date(whole.from.getTime() + length * hour + 1234)
        const metrics = metricPaths.filter((path) => path.startsWith('delivery.bytes.'))
        const query = { ...whole, to, metrics }
        const { views, delivery } = await totals(source, query)
        const bytes = Object.values(delivery.bytes).reduce((sum, each) => sum + each, 0)
        assert.ok(views >= earlier.views && bytes >= earlier.bytes)
        earlier = { views, bytes }
      }
      assert.ok(earlier.views > 0)
    }
  })

  test('refuses impossible pages and conditions', async () => {
    const source = sources[1] as ReportSource
    const refused = { code: 'bad-query' }
    for (const page of [
      { by: [], first: 1 },
      { by: ['country', 'country'], first: 1 },
      { by: ['country', 'post', 'arm'], first: 1 },
      { by: ["country' OR 1"], first: 1 },
      { by: ['country'], first: 0 },
      { by: ['country'], first: -1 },
      { by: ['country'], first: 1001 },
      { by: ['country'], first: 1.5 },
    ]) {
      await assert.rejects(rowsPage(source, whole, page as Parameters<typeof rowsPage>[2]), refused)
    }
    for (const where of [
      [{ by: 'country' }],
      [{ by: 'nothing', eq: 'x' }],
      [{ by: 'country', in: [] }],
      [{ by: 'country', not: Array.from({ length: 201 }, () => 'x') }],
      Array.from({ length: 31 }, () => ({ by: 'country', eq: 'NL' })),
    ]) {
      await assert.rejects(
        totals(source, { ...whole, filter: { where: where as DimensionFilter[] } }),
        refused,
      )
    }
    for (const quantile of [
      { measure: 'lcp', p: 0 },
      { measure: 'lcp', p: 1 },
      { measure: 'lcp', p: Number.NaN },
      { measure: 'version', p: 0.5 },
    ]) {
      const query = { ...whole, quantiles: [quantile] as ReportQuery['quantiles'] }
      await assert.rejects(totals(source, query), refused)
    }
  })
})
