import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { encodeBotRow, hourTime, rowTime, type ViewRow } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from '../api.testing.ts'

const start = Date.parse('2026-05-01T00:00:00Z')
const hourMs = 3_600_000
const range = { from: '2026-05-01T00:00:00Z', to: '2026-05-02T00:00:00Z' }

/** 48 views over a day: half French, half unknown; a third of post 2; LCP 1000, 1010, … ms. */
function dayOfViews(site: string): ViewRow[] {
  return Array.from({ length: 48 }, (_, i) =>
    viewRow({
      site,
      started_at: rowTime(start + i * (hourMs / 2)),
      country: i % 2 === 0 ? 'FR' : null,
      device: i % 4 === 0 ? 'mobile' : 'desktop',
      post: i % 3 === 0 ? '2' : '1',
      lcp: 1000 + 10 * i,
      has_delivery: true,
      assets_complete: 3,
      assets_failed: i === 0 ? 1 : 0,
      bytes_peer: 3_000_000_000,
      bytes_origin: 1_000_000_000,
      referrer_class: i % 3 === 0 ? 'search' : 'assistant',
      search_engine: i % 3 === 0 ? 'Google' : null,
      assistant: i % 3 === 0 ? null : 'ChatGPT',
      session: i < 12 ? `00000000-0000-4000-9000-00000000000${i % 6}` : null,
      campaign_name: i === 0 ? 'spring' : null,
      visitor: i < 40 ? String(i % 10) : null,
      engaged_ms: 5000,
      scroll_depth: 0.5,
    }),
  )
}

suite('reports', { timeout: 60_000 }, () => {
  let opened: TestApi
  let siteId: string
  before(async () => {
    opened = await openTestApi()
    const site = { url: 'https://blog.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(site)).site.id
    await opened.store.insertViews(ndjson(dayOfViews(siteId)), 'day')
  })
  after(() => opened.close())

  const report = async (selection: string, args: object = {}) => {
    const query = `query ($siteId: String!, $range: RangeInput!, $filter: ReportFilter) {
      site(siteId: $siteId) { report(range: $range, filter: $filter) { ${selection} } }
    }`
    return ask(opened.api, query, { variables: { siteId, range, ...args }, viewer: 'reader' })
  }

  test('parts of the metrics are told wherever in a query they are asked for', async () => {
    const all = `
      speed { lcp { value } inp { value } cls { value } fcp { value } ttfb { value } load { value } }
      ratings { lcp { good } inp { good } cls { good } fcp { good } ttfb { good } }
      apdex
      engagement { engagedMs { value } scrollDepth { value } }`
    const metrics = (await report(`totals { ${all} }`)).data.site.report.totals
    assert.equal(metrics.speed.lcp.value, 1350)
    assert.equal(metrics.engagement.engagedMs.value, 5000)
    for (const alone of [
      'speed { lcp { value } }',
      'speed { nothing: inp { value } } faster: speed { mine: lcp { value } }',
      'ratings { lcp { good } }',
      'views estimatedViews',
      'reliability { viewSuccessRatio }',
      'delivery { fairness }',
      'apdex',
      'engagement { engagedMs { value } }',
      'engagement { scrollDepth { value } }',
      '... { speed { ... on Speed { lcp { value } } } }',
      'speed { lcp @skip(if: false) { value } }',
    ]) {
      const { errors, data } = await report(
        `totals { ${alone} } breakdown(by: POST) { metrics { ${alone} } } series(interval: DAY) { metrics { ${alone} } }`,
      )
      assert.deepEqual(errors, [], alone)
      assert.deepEqual(data.site.report.series[0].metrics, data.site.report.totals, alone)
    }
  })

  test('totals are those of the views in the range', async () => {
    const { data } = await report(`totals {
      views estimatedViews
      reliability { errorFreeRatio assetSuccessRatio viewSuccessRatio stallRatio stalls wrongBytes rejectedChunks droppedPeers fallbacks }
      speed { lcp { value low high samples enough } inp { value } longFrameTime { value samples } }
      delivery { peerHitRatio residualOriginLoad bytesSaved bytes { peer seed mirror origin cache } uploaded }
      engagement { engagedMs { value samples } scrollDepth { value } }
    }`)
    const { speed, ...rest } = data.site.report.totals
    assert.deepEqual(rest, {
      views: 48,
      estimatedViews: 48,
      reliability: {
        errorFreeRatio: null,
        assetSuccessRatio: 144 / 145,
        viewSuccessRatio: 47 / 48,
        stallRatio: null,
        stalls: 0,
        wrongBytes: 0,
        rejectedChunks: 0,
        droppedPeers: 0,
        fallbacks: 0,
      },
      delivery: {
        peerHitRatio: 0.75,
        residualOriginLoad: 0.25,
        bytesSaved: 144e9,
        bytes: { peer: 144e9, seed: 0, mirror: 0, origin: 48e9, cache: 0 },
        uploaded: 0,
      },
      engagement: { engagedMs: { value: 5000, samples: 48 }, scrollDepth: { value: 0.5 } },
    })
    assert.equal(speed.inp, null)
    assert.equal(speed.longFrameTime, null)
    assert.deepEqual([speed.lcp.samples, speed.lcp.enough], [48, true])
    assert.ok(1340 <= speed.lcp.value && speed.lcp.value <= 1360, String(speed.lcp.value))
    assert.ok(speed.lcp.low < speed.lcp.value && speed.lcp.value < speed.lcp.high)
  })

  test('a range without views measured nothing, which is not 0', async () => {
    const empty = { range: { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' } }
    const { data } = await report(
      'totals { views speed { lcp { value } } delivery { peerHitRatio residualOriginLoad bytesSaved } }',
      empty,
    )
    assert.deepEqual(data.site.report.totals, {
      views: 0,
      speed: { lcp: null },
      delivery: { peerHitRatio: null, residualOriginLoad: null, bytesSaved: null },
    })
  })

  test('a filter narrows every figure', async () => {
    const { data } = await report('totals { views }', {
      filter: { country: 'FR', device: 'MOBILE', post: null },
    })
    assert.equal(data.site.report.totals.views, 12)
  })

  test('a series has a point for every interval', async () => {
    const { data } = await report('series(interval: HOUR) { start metrics { views } }')
    const { series } = data.site.report
    assert.equal(series.length, 24)
    assert.deepEqual(series[1], { start: '2026-05-01T01:00:00.000Z', metrics: { views: 2 } })
  })

  test("a series has the days of a time zone, and one that there is not is the asker's mistake", async () => {
    const days = await report('series(interval: DAY, timeZone: "Asia/Kolkata") { start metrics { views } }')
    assert.deepEqual(days.data.site.report.series, [
      { start: '2026-04-30T18:30:00.000Z', metrics: { views: 37 } },
      { start: '2026-05-01T18:30:00.000Z', metrics: { views: 11 } },
    ])
    const { status, errors } = await report('series(interval: DAY, timeZone: "Mars/Olympus") { start }')
    assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.match(errors[0]?.message ?? '', /Mars\/Olympus/)
  })

  test('a range is compared with the one before it, and with nothing where there was none', async () => {
    const selection =
      'comparison { previous { views } speed { lcp { value samples baselineSamples conclusive } } }'
    const afternoon = { from: '2026-05-01T12:00:00Z', to: range.to }
    const { data } = await report(selection, { range: afternoon })
    assert.deepEqual(data.site.report.comparison, {
      previous: { views: 24 },
      speed: { lcp: { value: 240, samples: 24, baselineSamples: 24, conclusive: false } },
    })
    const none = await report(selection)
    assert.deepEqual(none.data.site.report.comparison, { previous: { views: 0 }, speed: { lcp: null } })
  })

  test('vitals are rated, and readers satisfied', async () => {
    const { data } = await report(
      'totals { apdex ratings { lcp { good needsImprovement poor } inp { good } } delivery { fairness } speed { lcp { error } } }',
    )
    assert.deepEqual(data.site.report.totals, {
      apdex: 1,
      ratings: { lcp: { good: 48, needsImprovement: 0, poor: 0 }, inp: null },
      delivery: { fairness: null },
      speed: { lcp: { error: 0 } },
    })
  })

  test('a breakdown keeps what is not known apart, and most views come first', async () => {
    const { data } = await report(`
      country: breakdown(by: COUNTRY) { key metrics { views } }
      post: breakdown(by: POST, first: 1) { key metrics { views } }
      arm: breakdown(by: ARM) { key }
    `)
    const { country, post, arm } = data.site.report
    assert.deepEqual(
      new Map(country.map((row: { key: string }) => [row.key, row])),
      new Map([
        ['FR', { key: 'FR', metrics: { views: 24 } }],
        [null, { key: null, metrics: { views: 24 } }],
      ]),
    )
    assert.deepEqual(post, [{ key: '1', metrics: { views: 32 } }])
    assert.deepEqual(arm, [{ key: 'assisted' }])
  })

  test('a breakdown tells search engines, assistants and campaigns by name', async () => {
    const { data } = await report(`
      class: breakdown(by: REFERRER_CLASS) { key metrics { views } }
      engine: breakdown(by: SEARCH_ENGINE) { key metrics { views } }
      assistant: breakdown(by: ASSISTANT) { key metrics { views } }
      campaign: breakdown(by: CAMPAIGN_NAME) { key metrics { views } }
    `)
    const views = (rows: { key: string | null; metrics: { views: number } }[]) =>
      rows.map(({ key, metrics }) => [key, metrics.views])
    assert.deepEqual(views(data.site.report.class), [
      ['assistant', 32],
      ['search', 16],
    ])
    assert.deepEqual(views(data.site.report.engine), [
      [null, 32],
      ['Google', 16],
    ])
    assert.deepEqual(views(data.site.report.assistant), [
      ['ChatGPT', 32],
      [null, 16],
    ])
    assert.deepEqual(views(data.site.report.campaign), [
      [null, 47],
      ['spring', 1],
    ])
  })

  test('sessions are told, and none are told where there was none', async () => {
    const selection = 'sessions { count viewsPerSession engagedRatio bounceRatio }'
    const { data } = await report(selection)
    assert.deepEqual(data.site.report.sessions, {
      count: 6,
      viewsPerSession: 2,
      engagedRatio: 1,
      bounceRatio: 0,
    })
    const later = await report(selection, { range: { from: '2026-05-01T12:00:00Z', to: range.to } })
    assert.deepEqual(later.data.site.report.sessions, {
      count: 0,
      viewsPerSession: null,
      engagedRatio: null,
      bounceRatio: null,
    })
  })

  test('visitors are counted once a day, and are not 0 where no view tells one', async () => {
    const { data } = await report('visitors')
    assert.equal(data.site.report.visitors, 10)
    const evening = await report('visitors', { range: { from: '2026-05-01T20:00:00Z', to: range.to } })
    assert.equal(evening.data.site.report.visitors, null)
  })

  test('reports that were lost on the way are told', async () => {
    const { data } = await report('arrivals { sent received lossRatio }')
    assert.deepEqual(data.site.report.arrivals, { sent: 48, received: 48, lossRatio: 0 })
  })

  test("bots' views and dropped beacons are told apart from every other figure", async () => {
    const bot = viewRow({ site: siteId, started_at: rowTime(start), country: 'FR' })
    await opened.store.insertBots(Buffer.from(encodeBotRow(bot, { sign: 'data-centre', agent: null })), 'bot')
    const drop = { site: siteId, hour: hourTime(start), reason: 'invalid', run: bot.view, beacons: 7 }
    await opened.store.insertDrops(Buffer.from(JSON.stringify(drop)), 'drop')
    const { data } = await report(
      'totals { views } bots { views signs { sign views } agents { agent } } drops { reason beacons }',
    )
    assert.deepEqual(data.site.report, {
      totals: { views: 48 },
      bots: { views: 1, signs: [{ sign: 'DATA_CENTRE', views: 1 }], agents: [] },
      drops: [{ reason: 'invalid', beacons: 7 }],
    })
  })

  test('an experiment without a control arm has no difference, rather than one of 0', async () => {
    const { data } = await report(
      'totals { views } experiment { assisted { views } control { views } speed { lcp { value low high conclusive } } }',
    )
    const { experiment, totals } = data.site.report
    assert.deepEqual(experiment, { assisted: totals, control: { views: 0 }, speed: { lcp: null } })
  })

  const bad: Record<string, object> = {
    'an empty range': { range: { from: range.from, to: range.from } },
    'a backwards range': { range: { from: range.to, to: range.from } },
    'a range over two years': { range: { from: '2020-01-01T00:00:00Z', to: range.to } },
    'a date without time': { range: { from: '2026-05-01', to: range.to } },
    'a day that does not exist': { range: { from: '2026-02-30T00:00:00Z', to: range.to } },
    'an unknown device': { filter: { device: 'FRIDGE' } },
  }
  for (const [what, args] of Object.entries(bad)) {
    test(`refuses ${what}`, async () => {
      const { status, data, errors } = await report('totals { views }', args)
      assert.deepEqual([status, data, errors[0]?.extensions.code], [400, undefined, 'BAD_USER_INPUT'])
    })
  }

  test('refuses a bad date written in the query', async () => {
    const { status, errors } = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { report(range: { from: "today", to: "tomorrow" }) { totals { views } } } }`,
    )
    assert.deepEqual([status, errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
  })

  test('refuses a series of too many points and a breakdown of too many rows', async () => {
    const week = { range: { from: range.from, to: '2026-05-08T00:00:00Z' } }
    assert.equal((await report('series(interval: MINUTE) { start }', week)).status, 400)
    assert.equal((await report('breakdown(by: POST, first: 501) { key }')).status, 400)
    assert.equal((await report('breakdown(by: POST, first: 0) { key }')).status, 400)
  })

  test('refuses a request that asks the store too much', async () => {
    const totals = (count: number) =>
      Array.from({ length: count }, (_, i) => `t${i}: totals { views }`).join(' ')
    assert.equal((await report(totals(50))).status, 200)
    const { status, data, errors } = await report(totals(101))
    assert.deepEqual([status, data, errors[0]?.extensions.code], [400, undefined, 'QUERY_TOO_COMPLEX'])
  })
})
