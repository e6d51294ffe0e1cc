import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { arrivals } from '../query/arrivals.ts'
import type { Connection } from '../engine/connection.ts'
import { connectEmbedded } from '../engine/embedded/embedded-connection.ts'
import { experiment } from '../query/experiment.ts'
import type { Metrics } from '../model/catalogue/catalogue.ts'
import { bringEmbeddedUpToDate } from '../schema/bring-up-to-date.ts'
import type { Filter, ReportQuery } from '../model/report-query.ts'
import { ndjson, range, rowsOver, sites } from '../random-rows.testing.ts'
import { countingRows, recompute, recomputeArrivals } from '../recomputation.testing.ts'
import { near } from '../near.testing.ts'
import { ranksIn, ranksOf } from '../model/quantile-ranks.ts'
import { createRemovals } from '../retention/removals.ts'
import { breakdown, series, totals } from '../query/report.ts'
import { sessions } from '../query/sessions.ts'
import { recomputeSessions } from '../recomputation.testing.ts'
import { randomOf } from '../simulated-views.testing.ts'
import { rowTime, type ViewRow } from '../model/view-row.ts'
import { reportSource, type ReportSource } from './rollups-or-views.ts'
import { binError } from './log-bins.ts'
import { type BinnedViews, quantileOfBins } from './quantile-of-bins.ts'
import { roll } from './roll.ts'

const hour = 3_600_000
const hours = 60
const at = range.from.getTime()
const always = { settleMs: 0, hourPauseMs: 0, dayPauseMs: 0, budgetMs: 60_000 }

describe('rollups', { timeout: 300_000 }, () => {
  let directory: string
  let connection: Connection
  let source: ReportSource
  let next = 0
  const freshSite = () => `site${String(next++).padStart(12, '0')}`
  const insert = (rows: readonly ViewRow[]) =>
    connection.insert({ table: 'snapshots', rows: ndjson(rows), token: `batch ${next++}` })

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'rollups-'))
    connection = await connectEmbedded(directory, { queryTime: 30_000, memory: 2 * 1024 ** 3 })
    await bringEmbeddedUpToDate(connection)
    // No query is small enough for exact results.
    source = reportSource(connection, -1)
  })
  after(async () => {
    await connection.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('give the same results as the snapshots, whatever was rolled up before the last writes', async () => {
    const runs = fc.record({
      batches: fc.array(
        fc.record({
          rows: fc.array(rowsOver(hours, 200), { minLength: 100, maxLength: 200 }),
          rolls: fc.boolean(),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      from: fc.integer({ min: -30 * hour, max: 10 * hour }),
      // Whole days and hours are as frequent as other moments.
      length: fc.oneof(
        fc.constant(24 * hour),
        fc.constant(48 * hour),
        fc.integer({ min: 1, max: 90 * hour }),
      ),
      unit: fc.constantFrom(1, 1000, hour, 24 * hour),
      filter: fc.constantFrom<Filter>(
        {},
        { arm: 'assisted' },
        { country: 'NL' },
        { post: "it's", arm: 'assisted' },
        { device: 'mobile' },
        // No rollup has this dimension, so the snapshots are read.
        { country: 'NL', device: 'mobile' },
      ),
      by: fc.constantFrom('country', 'post', 'arm', 'device'),
      interval: fc.constantFrom('HOUR', 'DAY'),
      timeZone: fc.constantFrom('UTC', 'Asia/Kolkata', 'America/New_York'),
    })
    await fc.assert(
      fc.asyncProperty(runs, async ({ batches, from, length, unit, filter, by, interval, timeZone }) => {
        const names = new Map(sites.map((site) => [site as string, freshSite()]))
        const site = names.get(sites[0]) ?? ''
        const rows: ViewRow[] = []
        for (const batch of batches) {
          const renamed = batch.rows.map((row) => ({ ...row, site: names.get(row.site) ?? '' }))
          await insert(renamed)
          rows.push(...renamed)
          if (batch.rolls) await roll(connection, always)
        }
        const start = Math.floor((at + from) / unit) * unit
        const query: ReportQuery = { site, from: new Date(start), to: new Date(start + length), filter }
        const whole = { site, from: new Date(at - 72 * hour), to: new Date(at + 80 * hour) }
        for (const selected of [query, whole]) {
          const counting = countingRows(rows, selected)
          near(await totals(source, selected), recompute(counting))
          assert.deepEqual(await arrivals(source, selected), recomputeArrivals(rows, selected))
          const answer = await breakdown(source, selected, { by, limit: 100 })
          assert.deepEqual(new Set(answer.map(({ key }) => key)), new Set(counting.map((row) => row[by])))
          for (const { key, metrics } of answer) {
            near(metrics, recompute(counting.filter((row) => row[by] === key)))
          }
          const points = await series(source, selected, { interval, timeZone })
          for (const [i, { start: begin, metrics }] of points.entries()) {
            const end = points[i + 1]?.start ?? selected.to
            near(metrics, recompute(counting.filter((row) => isWithin(row, begin, end))))
          }
        }
        assert.deepEqual(await sessions(connection, query), recomputeSessions(rows, query))
      }),
      { numRuns: 8, endOnFailure: true },
    )
  })

  test('are read only where they are current', async () => {
    const site = freshSite()
    const [row] = fc.sample(rowsOver(1, 1), 1)
    const snapshot = (n: number, sequence: number, country: string): ViewRow => ({
      ...(row as ViewRow),
      site,
      view: `${(at + n * hour)
        .toString(16)
        .padStart(12, '0')
        .replace(/(.{8})/, '$1-')}-7000-8000-000000000000`,
      sequence,
      country,
      started_at: rowTime(at + n * hour + 1),
      received_at: rowTime(at + n * hour + 1000 * sequence),
    })
    const query = { site, from: new Date(at - 24 * hour), to: new Date(at + 48 * hour) }
    const byCountry = async () =>
      (await breakdown(source, query, { by: 'country', limit: 9 })).map(({ key, metrics }) => [
        key,
        metrics.views,
      ])
    await roll(connection, always)
    await insert([snapshot(0, 1, 'NL'), snapshot(1, 1, 'NL')])
    assert.deepEqual(await roll(connection, always), { units: 3, done: true })
    assert.deepEqual(await roll(connection, always), { units: 0, done: true })
    assert.deepEqual(await byCountry(), [['NL', 2]])
    // The snapshots are deleted, so the result can only be from the rollups.
    await connection.command(
      `ALTER TABLE snapshots DELETE WHERE site = '${site}' SETTINGS mutations_sync = 1`,
    )
    assert.deepEqual(await byCountry(), [['NL', 2]])
    assert.deepEqual(await arrivals(source, query), { sent: 2, received: 2, loss: 0 })
    // A later snapshot has another country: the cell's rollup does not count any more, and leaves nothing behind.
    await insert([snapshot(1, 2, 'JP')])
    assert.deepEqual(await byCountry(), [
      ['JP', 1],
      ['NL', 1],
    ])
    await roll(connection, { ...always, dayPauseMs: hour })
    assert.deepEqual(await byCountry(), [
      ['JP', 1],
      ['NL', 1],
    ])
  })

  for (const [what, disturbances, reads] of [
    ['are read again when one of their cells was partly rolled up meanwhile', 1, 2],
    ['are not read when that happens repeatedly', Infinity, 4],
  ] as const) {
    test(what, async () => {
      const site = freshSite()
      let rows = fc.sample(rowsOver(hours, 40), { numRuns: 80, seed: 9 }).map((row) => ({ ...row, site }))
      const all = [...rows]
      await insert(rows)
      await roll(connection, always)
      let queries = 0
      const disturbed: Connection = {
        ...connection,
        query: async (sql, parameters) => {
          // The interrupted rollup is completed, so that it counts again.
          if (sql.includes('AS is_rolled')) await roll(connection, always)
          if (sql.includes('AS partials') && queries++ < disturbances) {
            rows = rows.map((row) => ({ ...row, sequence: row.sequence + 1, country: 'JP' }))
            all.push(...rows)
            await insert(rows)
            // Only the rows are written; the record that they are complete is not.
            await assert.rejects(
              roll({ ...connection, insert: () => Promise.reject(new Error('killed')) }, always),
            )
          }
          return connection.query(sql, parameters)
        },
      }
      const query = { site, from: new Date(at - 24 * hour), to: new Date(at + 72 * hour) }
      near(await totals(reportSource(disturbed, -1), query), recompute(countingRows(all, query)))
      assert.equal(queries, reads)
    })
  }

  test('have their state read once for a range, until something is written', async () => {
    const site = freshSite()
    const rows = fc.sample(rowsOver(hours, 40), { numRuns: 80, seed: 9 }).map((row) => ({ ...row, site }))
    await insert(rows)
    await roll(connection, always)
    let stateReads = 0
    let elsewhere: ViewRow[] = []
    const counted: Connection = {
      ...connection,
      query: async (sql, parameters) => {
        if (sql.includes('AS is_rolled')) stateReads++
        else if (elsewhere.length > 0) await insert(elsewhere.splice(0))
        return connection.query(sql, parameters)
      },
    }
    const counting = reportSource(counted, -1)
    const query = { site, from: new Date(at - 24 * hour), to: new Date(at + 72 * hour) }
    const other = { ...query, from: new Date(at - 23 * hour) }
    const ask = async (of: ReportQuery): Promise<number> => {
      stateReads = 0
      near(await totals(counting, of), recompute(countingRows(rows, of)))
      return stateReads
    }
    assert.deepEqual([await ask(query), await ask(query)], [1, 0])
    assert.deepEqual([await ask(other), await ask(query)], [1, 0])
    elsewhere = rows.map((row) => ({ ...row, site: freshSite() }))
    // The write happens during a query, after which the cached state may be outdated. Its answer is not there yet.
    const asked = { ...query, filter: { where: [{ by: 'arm', not: ['none'] }] } } as const
    assert.deepEqual([await ask(asked), await ask(asked)], [1, 0])
    rows.push(...rows.map((row) => ({ ...row, sequence: row.sequence + 1, country: 'JP' })))
    await insert(rows)
    assert.deepEqual([await ask(query), await ask(other)], [1, 1])
  })

  test('of a year with scattered days are computed, and read as far as a statement has room', async () => {
    const site = freshSite()
    const day = 24 * hour
    const [row] = fc.sample(rowsOver(1, 1), 1)
    const rows = Array.from({ length: 280 }, (_, n): ViewRow => {
      // Two of every three days have views.
      const started = at - (n + Math.floor(n / 2)) * day
      const view = `${started
        .toString(16)
        .padStart(12, '0')
        .replace(/(.{8})/, '$1-')}-7000-8000-000000000000`
      return { ...(row as ViewRow), site, view, started_at: rowTime(started), received_at: rowTime(started) }
    })
    await insert(rows)
    await roll(connection, always)
    const query = { site, from: new Date(at - 420 * day), to: new Date(at + day) }
    near(await totals(source, query), recompute(countingRows(rows, query)))
    const byPost = await breakdown(source, query, { by: 'post', limit: 9 })
    near(byPost[0]?.metrics as Metrics, recompute(countingRows(rows, query)))
  })

  test('have percentiles within bins, and intervals as wide as those of the snapshots', async () => {
    const site = freshSite()
    const random = randomOf(11)
    const [row] = fc.sample(rowsOver(1, 1), 1)
    const rows = Array.from({ length: 6000 }, (_, n): ViewRow => {
      const started = at + (n % 30) * hour + n
      const view = `${started
        .toString(16)
        .padStart(12, '0')
        .replace(/(.{8})/, '$1-')}-7000-8000-${String(n).padStart(12, '0')}`
      const arm = n % 3 === 0 ? 'control' : 'assisted'
      const lcp = (arm === 'control' ? 1600 : 1500) * Math.exp(0.55 * random.normal())
      const inp = 8 * Math.round((130 * Math.exp(0.6 * random.normal())) / 8)
      const times = { started_at: rowTime(started), received_at: rowTime(started) }
      return { ...(row as ViewRow), site, view, arm, lcp, inp, scroll_depth: 1, ...times }
    })
    await insert(rows)
    await roll(connection, always)
    const query = { site, from: new Date(at), to: new Date(at + 30 * hour) }
    const rolled = await experiment(source, query)
    const exact = await experiment(reportSource(connection, Infinity), query)
    for (const arm of ['assisted', 'control'] as const) {
      const lcps = rows.filter((each) => each.arm === arm).map(({ lcp }) => Math.fround(lcp ?? Number.NaN))
      const { value, low, high } = quantileOfBins(binnedViews(lcps), 0.75)
      const { lcp, inp } = rolled[arm].speed
      assert.deepEqual(lcp, {
        p: 0.75,
        value,
        low,
        high,
        samples: lcps.length,
        enough: true,
        error: binError,
      })
      for (const end of ['value', 'low', 'high'] as const) {
        assert.ok(Math.abs(lcp[end] / (exact[arm].speed.lcp?.[end] ?? 0) - 1) < 0.01, `${end} of ${arm}`)
      }
      assert.deepEqual(inp, { ...exact[arm].speed.inp, error: binError })
      // No reader scrolls further than to the end.
      assert.ok((rolled[arm].engagement.scrollDepth?.high ?? 2) <= 1)
    }
    assert.equal(rolled.speed.lcp?.conclusive, true)
    assert.deepEqual(rolled.speed.inp, exact.speed.inp)
  })

  test('are read at the ranks of the exact percentiles', async () => {
    for (const p of [0.5, 0.75]) {
      const rows = await connection.query(
        `WITH toFloat64({p:String}) AS p SELECT number + 1 AS n, [${ranksIn('n', 'p').join(', ')}] AS ranks FROM numbers(3000)`,
        { p: String(p) },
      )
      assert.equal(rows.length, 3000)
      for (const { n, ranks } of rows) {
        assert.deepEqual(
          (ranks as (number | string)[]).map(Number),
          ranksOf(Number(n), p),
          `${String(n)} views`,
        )
      }
    }
  })

  test("leave out a visitor's day that was removed", async () => {
    const site = freshSite()
    const drawn = fc.sample(rowsOver(1, 40), { numRuns: 60, seed: 8 })
    // All snapshots of a view have one visitor: the visitor of a merged snapshot would not be known any more.
    const visits = new Set(drawn.flatMap(({ view }, i) => (i % 3 === 0 ? [view] : [])))
    const rows = drawn.map((row) => {
      const visitor = visits.has(row.view) ? '7' : null
      return { ...row, site, visitor, started_at: rowTime(at) }
    })
    await insert(rows)
    await roll(connection, always)
    const removals = createRemovals(connection)
    const removed = await removals.removeVisitorDay({ site, visitor: '7', day: range.from })
    assert.ok(removed > 1)
    const gone = new Set(rows.filter(({ visitor }) => visitor !== null).map(({ view }) => view))
    const stay = rows.filter(({ view }) => !gone.has(view))
    const query = { site, ...range }
    for (let again = 0; again < 2; again++) {
      near(await totals(source, query), recompute(countingRows(stay, query)))
      await roll(connection, always)
    }
  })

  test('need little memory for an hour with very many views', async () => {
    const site = freshSite()
    const views = 300_000
    const vitals = ['lcp', 'inp', 'cls', 'fcp', 'ttfb', 'load', 'engaged_ms', 'scroll_depth']
    await connection.command(`
INSERT INTO snapshots (site, view, sequence, started_at, received_at, arm, country, device, post, ${vitals.join(', ')})
SELECT '${site}', generateUUIDv7(), 1, now64(3), now64(3), 'assisted', 'NL', 'mobile', 'p',
  ${vitals.map((_, i) => `exp(${i} + 10 * rand(${i}) / 4294967295)`).join(', ')}
FROM numbers(${views})`)
    await roll(connection, always)
    const query = { site, from: new Date(Date.now() - 2 * hour), to: new Date(Date.now() + 2 * hour) }
    const { views: counted, speed } = await totals(source, query)
    assert.deepEqual([counted, speed.lcp?.samples, speed.lcp?.error], [views, views, binError])
  })

  test('that were partly written are written again', async () => {
    const site = freshSite()
    const rows = fc.sample(rowsOver(hours, 40), { numRuns: 80, seed: 7 }).map((row) => ({ ...row, site }))
    await insert(rows)
    await roll(connection, always)
    // This is the state after a crash between the rows and their record, with other rows in between.
    await connection.command(`ALTER TABLE rolled DELETE WHERE site = '${site}' SETTINGS mutations_sync = 1`)
    const query = { site, from: new Date(at - hour), to: new Date(at + 70 * hour) }
    near(await totals(source, query), recompute(countingRows(rows, query)))
    await roll(connection, always)
    near(await totals(source, query), recompute(countingRows(rows, query)))
  })
})

function isWithin({ started_at }: ViewRow, from: Date, to: Date): boolean {
  const started = Date.parse(`${started_at.replace(' ', 'T')}Z`)
  return started >= from.getTime() && started < to.getTime()
}

/** Counts the values of each bin in the simplest way. */
function binnedViews(values: readonly number[]): BinnedViews {
  const bins = values
    .map((value) => 2 + Math.floor(Math.log(value) / Math.log(1.02)))
    .toSorted((a, b) => a - b)
  const distinct = [...new Set(bins)]
  return {
    samples: bins.length,
    bins: distinct,
    below: [...distinct.map((bin) => bins.indexOf(bin)), bins.length],
  }
}
