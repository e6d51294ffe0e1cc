import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { encodeBotRow } from './model/bot-row.ts'
import { type DropRow, hourTime } from './query/drops.ts'
import { openStore } from './open-store.ts'
import { difference } from './query/experiment.ts'
import { dimensions, type ReportQuery } from './model/report-query.ts'
import type { SeriesPoint } from './model/report.ts'
import type { Store } from './store.ts'
import { StoreError } from './store-error.ts'
import { openHttpFace } from './engine/server/http-face.testing.ts'
import { ndjson, range, rowArbitrary, sampleRows, sites } from './random-rows.testing.ts'
import {
  countingRows,
  recompute,
  recomputeArrivals,
  recomputeSessions,
  rounded,
} from './recomputation.testing.ts'
import { rowTime, type ViewRow } from './model/view-row.ts'

interface Opened {
  readonly store: Store
  close(): Promise<void>
}

const engines: Readonly<Record<string, (directory: string) => Promise<Opened>>> = {
  'the embedded engine': async (directory) => {
    const store = await openStore({ directory })
    return { store, close: () => store.close() }
  },
  "a server's HTTP interface": async (directory) => {
    const face = await openHttpFace(directory)
    const store = await openStore({ url: face.url }).catch(async (error: unknown) => {
      await face.close()
      throw error
    })
    return {
      store,
      close: async () => {
        await store.close()
        await face.close()
      },
    }
  },
}

for (const [engine, open] of Object.entries(engines)) {
  describe(`store on ${engine}`, { timeout: 120_000 }, () => {
    let directory: string
    let opened: Opened | undefined
    let store: Store
    let nextSite = 0
    /** Returns a new site for every test and run, because they share one database. */
    const freshSite = () => `site${String(nextSite++).padStart(12, '0')}`

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'store-'))
      opened = await open(directory)
      store = opened.store
    })
    after(async () => {
      await opened?.close()
      await rm(directory, { recursive: true, force: true })
    })

    test('every metric equals its simple recomputation, in whichever order snapshots arrive', async () => {
      const runs = fc.record({
        rows: fc.array(rowArbitrary, { minLength: 1, maxLength: 120 }),
        cuts: fc.array(fc.nat(119), { maxLength: 3 }),
        filter: fc.record(
          {
            post: fc.constantFrom('1', "it's", 'none'),
            country: fc.constantFrom('NL', 'JP'),
            subdivision: fc.constantFrom('NL-NH', 'NL-UT'),
            network: fc.constant('AS1136 KPN'),
            arm: fc.constantFrom('assisted', 'control'),
            device: fc.constantFrom('mobile', 'desktop'),
          },
          { requiredKeys: [] },
        ),
      })
      await fc.assert(
        fc.asyncProperty(runs, async ({ rows, cuts, filter }) => {
          const names = new Map(sites.map((site) => [site as string, freshSite()]))
          const renamed = rows.map((row) => ({ ...row, site: names.get(row.site) ?? '' }))
          const site = names.get(sites[0]) ?? ''
          const bounds = [
            0,
            ...cuts.filter((cut) => cut < rows.length).toSorted((a, b) => a - b),
            rows.length,
          ]
          for (let i = 1; i < bounds.length; i++) {
            const part = renamed.slice(bounds[i - 1], bounds[i])
            if (part.length > 0) await store.insertViews(ndjson(part), `${site}-${i}`)
          }
          for (const query of [
            { site, ...range },
            { site, ...range, filter },
          ]) {
            await compareAll(store, renamed, query)
          }
        }),
        { numRuns: 6, endOnFailure: true },
      )
    })

    test('replaying every batch, under the same token or another, changes no figure', async () => {
      const site = freshSite()
      const rows = sampleRows(200).map((row) => ({ ...row, site }))
      const query = { site, ...range }
      await store.insertViews(ndjson(rows), `${site}-a`)
      const first = await store.totals(query)
      await store.insertViews(ndjson(rows), `${site}-a`)
      await store.insertViews(ndjson(rows.toReversed()), `${site}-b`)
      const arrived = await store.arrivals(query)
      assert.deepEqual(arrived, recomputeArrivals(rows, query))
      assert.deepEqual(await store.totals(query), first)
      assert.deepEqual(rounded(first), recompute(countingRows(rows, query)))
    })

    test('the series of several sites are those of each, with rollups and without', async () => {
      const names = [freshSite(), freshSite(), freshSite()]
      const metrics = [
        'reliability.viewsWithAssets',
        'reliability.viewsWithoutFailure',
        'ratings.lcp',
      ] as const
      for (const [i, site] of names.slice(0, 2).entries()) {
        const rows = sampleRows(40 + 40 * i).map((row) => ({ ...row, site }))
        await store.insertViews(ndjson(rows), `${site}-many`)
      }
      const query = { ...range, metrics }
      const countsOf = ({ start, metrics: { views, reliability, ratings } }: SeriesPoint) => {
        const { viewsWithAssets, viewsWithoutFailure } = reliability
        return { start, views, viewsWithAssets, viewsWithoutFailure, lcp: ratings.lcp }
      }
      const compare = async () => {
        for (const interval of ['HOUR', 'DAY'] as const) {
          const together = await store.seriesOfSites({ ...query, sites: names }, interval)
          for (const site of names) {
            const own = await store.series({ ...query, site }, interval)
            assert.deepEqual(together.get(site)?.map(countsOf), own.map(countsOf), site)
          }
          const views = together.get(names[1] ?? '')?.reduce((sum, point) => sum + point.metrics.views, 0)
          assert.ok((views ?? 0) > 0)
        }
      }
      await compare()
      while (!(await store.roll()));
      await compare()
      const refused = { code: 'bad-query' }
      for (const wrong of [[], ["a' OR 1"], Array.from({ length: 201 }, (_, i) => `s${i}`)]) {
        await assert.rejects(store.seriesOfSites({ ...query, sites: wrong }, 'HOUR'), refused)
      }
    })

    test('the same snapshot received again later does not move its view in time', async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const at = range.from.getTime()
      const copy = (delay: number) => ({
        ...(row as ViewRow),
        site,
        started_at: rowTime(at + delay),
        received_at: rowTime(at + delay + 500),
      })
      await store.insertViews(ndjson([copy(7_200_000)]), `${site}-late`)
      await store.insertViews(ndjson([copy(0)]), `${site}-first`)
      const points = await store.series({ site, from: range.from, to: new Date(at + 3 * 3_600_000) }, 'HOUR')
      assert.deepEqual(
        points.map((point) => point.metrics.views),
        [1, 0, 0],
      )
    })

    test('a view whose newest snapshot lies outside the range is not counted by an older one', async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const snapshot = (sequence: number, started: Date) => ({
        ...(row as ViewRow),
        site,
        sequence,
        country: sequence === 1 ? 'NL' : 'JP',
        started_at: rowTime(started.getTime()),
      })
      await store.insertViews(ndjson([snapshot(1, range.from)]), `${site}-1`)
      await store.insertViews(ndjson([snapshot(2, new Date(range.to.getTime() + 5))]), `${site}-2`)
      assert.equal((await store.totals({ site, ...range })).views, 0)
      const wide = { site, from: range.from, to: new Date(range.to.getTime() + 10) }
      assert.equal((await store.totals({ ...wide, filter: { country: 'NL' } })).views, 0)
      assert.equal((await store.totals({ ...wide, filter: { country: 'JP' } })).views, 1)
    })

    test('an interval of 30 samples counts as enough, one of 29 does not', async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const rows = Array.from({ length: 30 }, (_, i) => ({
        ...(row as ViewRow),
        site,
        view: `00000000-0000-4000-8000-1${String(i).padStart(11, '0')}`,
        started_at: rowTime(range.from.getTime()),
        lcp: i + 1,
        inp: i === 0 ? null : i,
      }))
      await store.insertViews(ndjson(rows), site)
      const { speed } = await store.totals({ site, ...range })
      // n = 30: margin 1.96·sqrt(0.1875 / 30) = 0.155, ranks 22.5, 17.85 and 27.15 rounded up.
      assert.deepEqual(speed.lcp, {
        p: 0.75,
        value: 23,
        low: 18,
        high: 28,
        samples: 30,
        enough: true,
        error: 0,
      })
      assert.equal(speed.inp?.enough, false)
    })

    test('answers with nulls, not zeros, when there are no views', async () => {
      const metrics = await store.totals({ site: freshSite(), ...range })
      assert.deepEqual(metrics, recompute([]))
      assert.equal(metrics.speed.lcp, null)
      assert.equal(metrics.delivery.peerHitRatio, null)
    })

    test('a session is engaged by two views or 10 s of attention, whichever of its views the filter selects', async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const visit = (session: number | null, view: number, changes: Partial<ViewRow> = {}): ViewRow => ({
        ...(row as ViewRow),
        site,
        view: `00000000-0000-4000-8000-2${String(view).padStart(11, '0')}`,
        session: session === null ? null : `00000000-0000-4000-9000-00000000000${session}`,
        started_at: rowTime(+range.from),
        engaged_ms: 0,
        post: '1',
        ...changes,
      })
      const query = { site, ...range }
      assert.deepEqual(await store.sessions(query), {
        count: 0,
        viewsPerSession: null,
        engaged: null,
        bounce: null,
      })
      const rows = [
        visit(1, 1, { engaged_ms: 9999 }),
        visit(2, 2, { engaged_ms: 10_000 }),
        visit(3, 3),
        visit(3, 4, { post: '2' }),
        visit(null, 5),
        visit(4, 6, { started_at: rowTime(+range.to) }),
      ]
      await store.insertViews(ndjson(rows), site)
      assert.deepEqual(await store.sessions(query), {
        count: 3,
        viewsPerSession: 4 / 3,
        engaged: 2 / 3,
        bounce: 1 / 3,
      })
      assert.deepEqual(await store.sessions({ ...query, filter: { post: '2' } }), {
        count: 1,
        viewsPerSession: 2,
        engaged: 1,
        bounce: 0,
      })
    })

    test('a missing number below the highest was lost, and a repeated number counts once', async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const snapshot = (sequence: number) => ({
        ...(row as ViewRow),
        site,
        sequence,
        started_at: rowTime(+range.from),
      })
      const query = { site, ...range }
      assert.deepEqual(await store.arrivals(query), { sent: 0, received: 0, loss: null })
      await store.insertViews(ndjson([snapshot(4), snapshot(1)]), `${site}-1`)
      await store.insertViews(ndjson([snapshot(1)]), `${site}-2`)
      assert.deepEqual(await store.arrivals(query), { sent: 4, received: 2, loss: 0.5 })
      await store.insertViews(ndjson([snapshot(2), snapshot(3)]), `${site}-3`)
      assert.deepEqual(await store.arrivals(query), { sent: 4, received: 4, loss: 0 })
    })

    test("a bot's view is counted separately, once, by its sign, and never in another figure", async () => {
      const site = freshSite()
      const [row] = sampleRows(1)
      const visit = (view: number, changes: Partial<ViewRow> = {}): ViewRow => ({
        ...(row as ViewRow),
        site,
        view: `00000000-0000-4000-8000-3${String(view).padStart(11, '0')}`,
        started_at: rowTime(+range.from),
        country: 'NL',
        ...changes,
      })
      const query = { site, ...range }
      assert.deepEqual(await store.bots(query), { views: 0, signs: [], agents: [] })
      const google = { sign: 'agent', agent: 'Googlebot' } as const
      const lines = [
        encodeBotRow(visit(1), google),
        encodeBotRow(visit(1, { sequence: 3 }), google),
        encodeBotRow(visit(2, { country: 'JP' }), google),
        encodeBotRow(visit(3), { sign: 'webdriver', agent: null }),
        encodeBotRow(visit(4, { started_at: rowTime(+range.to) }), google),
      ]
      const rows = Buffer.from(lines.join('\n'))
      await store.insertBots(rows, `${site}-1`)
      await store.insertBots(rows, `${site}-2`)
      assert.deepEqual(await store.bots(query), {
        views: 3,
        signs: [
          { sign: 'agent', views: 2 },
          { sign: 'webdriver', views: 1 },
        ],
        agents: [{ agent: 'Googlebot', views: 2 }],
      })
      assert.equal((await store.bots({ ...query, filter: { country: 'JP' } })).views, 1)
      assert.equal((await store.totals(query)).views, 0)
      assert.deepEqual(await store.arrivals(query), { sent: 0, received: 0, loss: null })
    })

    test('drops of an hour are the highest count of each run', async () => {
      const site = freshSite()
      const runs = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
      const dropRow = (run: number, reason: string, beacons: number, later = 0): DropRow => ({
        site,
        hour: hourTime(+range.from + later),
        reason,
        run: runs[run] ?? '',
        beacons,
      })
      const write = (rows: readonly DropRow[], token: string) =>
        store.insertDrops(Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')), `${site}-${token}`)
      const query = { site, from: new Date(+range.from + 1), to: range.to }
      await write([dropRow(0, 'invalid', 3), dropRow(1, 'invalid', 2), dropRow(0, 'bot', 1)], '1')
      await write([dropRow(0, 'invalid', 7), dropRow(0, 'invalid', 1, 3_600_000)], '2')
      await write([dropRow(0, 'invalid', 3)], '3')
      await write([dropRow(0, 'invalid', 9, -3_600_000)], '4')
      assert.deepEqual(await store.drops(query), [
        { reason: 'invalid', beacons: 10 },
        { reason: 'bot', beacons: 1 },
      ])
    })

    test('refuses a batch with unreadable rows as a whole, and continues', async () => {
      const site = freshSite()
      const [row] = fc
        .sample(rowArbitrary, 1)
        .map((some) => ({ ...some, site, started_at: rowTime(+range.from) }))
      const good = ndjson([row as ViewRow])
      for (const bad of [
        '{"site":1',
        '{"view":"x"}\n',
        '[]\n',
        '\0\n',
        JSON.stringify({ ...row, arm: null }),
      ]) {
        await assert.rejects(
          store.insertViews(Buffer.concat([good, Buffer.from(bad)]), bad),
          hasCode('bad-rows'),
        )
      }
      assert.equal((await store.totals({ site, ...range })).views, 0)
      await store.insertViews(good, 'good')
      await store.insertViews(Buffer.from('\n'), 'none')
      assert.equal((await store.totals({ site, ...range })).views, 1)
    })

    test('refuses invalid queries', async () => {
      const query = { site: freshSite(), ...range }
      const refused: Promise<unknown>[] = [
        store.totals({ ...query, to: range.from }),
        store.sessions({ ...query, to: range.from }),
        store.totals({ ...query, from: new Date(Number.NaN) }),
        store.series({ ...query, from: new Date(0) }, 'MINUTE'),
        store.series(query, 'YEAR' as 'DAY'),
        store.breakdown(query, 'country', 0),
        store.breakdown(query, 'country', 1.5),
        store.breakdown(query, 'country) --' as 'country', 5),
      ]
      for (const answer of refused) await assert.rejects(answer, hasCode('bad-query'))
    })
  })
}

async function compareAll(store: Store, rows: readonly ViewRow[], query: ReportQuery): Promise<void> {
  const counting = countingRows(rows, query)
  assert.deepEqual(rounded(await store.totals(query)), recompute(counting))
  assert.deepEqual(await store.arrivals(query), recomputeArrivals(rows, query))
  const visitors = new Set(counting.flatMap(({ visitor }) => visitor ?? []))
  assert.equal(await store.visitors(query), visitors.size || null)
  assert.deepEqual(await store.sessions(query), recomputeSessions(rows, query))
  const { assisted, control, speed } = await store.experiment(query)
  const unfiltered = { ...query, filter: { ...query.filter, arm: undefined } }
  const ofArm = (arm: string) => countingRows(rows, unfiltered).filter((row) => row.arm === arm)
  assert.deepEqual(rounded(assisted), recompute(ofArm('assisted')))
  assert.deepEqual(rounded(control), recompute(ofArm('control')))
  assert.deepEqual(speed.lcp, difference(assisted.speed.lcp, control.speed.lcp))
  assert.deepEqual(speed.cls, difference(assisted.speed.cls, control.speed.cls))
  const step = 3_600_000
  const bucket = (row: ViewRow) =>
    Math.floor(Date.parse(`${row.started_at.replace(' ', 'T')}Z`) / step) * step
  for (const point of await store.series(query, 'HOUR')) {
    const inside = counting.filter((row) => bucket(row) === point.start.getTime())
    assert.deepEqual(rounded(point.metrics), recompute(inside))
  }
  for (const dimension of dimensions) {
    const keys = [...new Set(counting.map((row) => row[dimension]))]
    const answer = await store.breakdown(query, dimension, 100)
    assert.equal(answer.length, keys.length)
    for (const { key, metrics } of answer) {
      assert.deepEqual(rounded(metrics), recompute(counting.filter((row) => row[dimension] === key)))
    }
    const views = answer.map(({ metrics }) => metrics.views)
    assert.deepEqual(
      views,
      views.toSorted((a, b) => b - a),
    )
    if (dimension === 'country') {
      assert.deepEqual(await store.breakdown(query, dimension, 1), answer.slice(0, 1))
    }
  }
}

function hasCode(code: string) {
  return (error: unknown) => error instanceof StoreError && error.code === code
}
