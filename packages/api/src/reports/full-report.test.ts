import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { rowTime, type ViewRow } from '@peerpress/store'
import { ask, ndjson, openTestApi, sendingApi, type TestApi, viewRow } from '../api.testing.ts'
import { CostBudget } from '../limits/cost-budget.ts'

const start = Date.parse('2026-05-01T00:00:00Z')
const hourMs = 3_600_000
const day = { first: '2026-05-01', last: '2026-05-01' }

/** 120 views over a day: three countries and unknown ones, two devices, three posts, 40 of the control arm. */
function dayOfViews(site: string): ViewRow[] {
  return Array.from({ length: 120 }, (_, i) =>
    viewRow({
      site,
      started_at: rowTime(start + i * (hourMs / 6)),
      url: `https://blog.test/${i % 3}/`,
      arm: i % 3 === 0 ? 'control' : 'assisted',
      country: ['FR', 'NL', null, 'FR', 'GB'][i % 5] ?? null,
      device: i % 2 === 0 ? 'mobile' : 'desktop',
      browser: i % 4 === 0 ? 'Firefox' : 'Chrome',
      post: String(1 + (i % 3)),
      lcp: i % 3 === 0 ? 3000 + i : 1000 + i,
      inp: 100,
      cls: 0.01,
      has_delivery: true,
      assets_complete: 3,
      bytes_peer: 3_000_000_000,
      bytes_origin: 1_000_000_000,
      referrer_class: i % 4 === 0 ? 'search' : 'direct',
      search_engine: i % 4 === 0 ? 'Google' : null,
      session: `00000000-0000-4000-9000-0000000000${String(10 + (i % 60))}`,
      visitor: String(1 + (i % 10)),
      engaged_ms: 5000,
      scroll_depth: 0.5,
    }),
  )
}

suite('the full report', { timeout: 120_000 }, () => {
  let opened: TestApi
  let siteId: string
  before(async () => {
    opened = await openTestApi()
    const site = { url: 'https://blog.test', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await opened.registry.sites.add(site)).site.id
    await opened.store.insertViews(ndjson(dayOfViews(siteId)), 'day')
    await opened.registry.posts.record({
      site: siteId,
      post: '1',
      url: 'https://blog.test/one/',
      version: 1,
      revoked: false,
      envelope: '{}',
      assets: [],
    })
  })
  after(() => opened.close())

  const report = async (selection: string, args: object = {}) => {
    const query = `query ($siteId: String!, $range: RangeInput, $days: DaysInput, $period: RangeName, $filter: ReportFilter) {
      site(siteId: $siteId) { report(range: $range, days: $days, period: $period, filter: $filter) { ${selection} } }
    }`
    return ask(opened.api, query, { variables: { siteId, days: day, ...args }, viewer: 'reader' })
  }
  const viewsOf = async (where: readonly object[]) => {
    const { data, errors } = await report('totals { views }', { filter: { where } })
    assert.deepEqual(errors, [])
    return data.site.report.totals.views
  }

  test('every dimension can be filtered by eq, in, not and isUnknown', async () => {
    assert.equal(await viewsOf([{ dimension: 'BROWSER', eq: 'Firefox' }]), 30)
    assert.equal(await viewsOf([{ dimension: 'COUNTRY', in: ['FR', 'GB'] }]), 72)
    assert.equal(await viewsOf([{ dimension: 'COUNTRY', not: ['FR'] }]), 72)
    assert.equal(await viewsOf([{ dimension: 'COUNTRY', isUnknown: true }]), 24)
    assert.equal(await viewsOf([{ dimension: 'COUNTRY', isUnknown: false, not: ['FR'] }]), 48)
    assert.equal(await viewsOf([{ dimension: 'URL', eq: 'https://blog.test/1/' }]), 40)
    assert.equal(
      await viewsOf([
        { dimension: 'ARM', eq: 'control' },
        { dimension: 'DEVICE', eq: 'mobile' },
      ]),
      20,
    )
    assert.equal(await viewsOf([{ dimension: 'CAMPAIGN_TERM', isUnknown: true }]), 120)
    const fields = await opened.api.fetch('http://api.test/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer reader' },
      body: JSON.stringify({ query: '{ type: __type(name: "Dimension") { enumValues { name } } }' }),
    })
    const { data } = (await fields.json()) as {
      data: { type: { enumValues: { name: string }[] } }
    }
    for (const { name } of data.type.enumValues) {
      const known = await viewsOf([{ dimension: name, isUnknown: false }])
      assert.equal(known + (await viewsOf([{ dimension: name, isUnknown: true }])), 120, name)
    }
  })

  test('rows of two dimensions and the remainder add up to the total, page by page', async () => {
    const selection = (place: string) => `totals { views delivery { bytes { peer } } }
      rows(by: [COUNTRY, DEVICE], first: 3, orderBy: { metric: SPEED_LCP } ${place}) {
        totalCount
        edges { cursor node { label values { dimension key label } metrics { views speed { lcp { value } } delivery { bytes { peer } } } } }
        pageInfo { hasNextPage endCursor }
        remainder { metrics { views delivery { bytes { peer } } } }
      }`
    let cursor = ''
    const labels: string[] = []
    const values: number[] = []
    for (let page = 0; page < 3; page++) {
      const { data, errors } = await report(selection(cursor === '' ? '' : `after: "${cursor}"`))
      assert.deepEqual(errors, [])
      const { rows, totals } = data.site.report
      assert.equal(rows.totalCount, 8)
      const all = [...rows.edges.map(({ node }: { node: unknown }) => node), rows.remainder]
      const sum = (of: (metrics: never) => number) =>
        all.reduce((total, { metrics }) => total + of(metrics as never), 0)
      assert.equal(
        sum(({ views }: { views: number }) => views),
        totals.views,
      )
      assert.equal(
        sum(({ delivery }: { delivery: { bytes: { peer: number } } }) => delivery.bytes.peer),
        totals.delivery.bytes.peer,
      )
      for (const { node } of rows.edges) {
        labels.push(node.label)
        values.push(node.metrics.speed.lcp.value)
      }
      assert.equal(rows.pageInfo.hasNextPage, page < 2)
      cursor = rows.pageInfo.endCursor
    }
    assert.equal(new Set(labels).size, 8)
    assert.ok(labels.includes('France, mobile') && labels.includes('Unknown, desktop'), labels.join('; '))
    assert.deepEqual(
      values,
      values.toSorted((a, b) => b - a),
    )
  })

  test('rows have posts, sessions and visitors', async () => {
    const { data, errors } = await report(`rows(by: [POST], first: 2) {
      nodes { label node { postId url assetCount } values { node { postId } } sessions { count } visitors metrics { views } }
      remainder { sessions { count } visitors metrics { views } }
    }`)
    assert.deepEqual(errors, [])
    const { nodes, remainder } = data.site.report.rows
    assert.deepEqual(nodes[0], {
      label: 'https://blog.test/one/',
      node: { postId: '1', url: 'https://blog.test/one/', assetCount: 0 },
      values: [{ node: { postId: '1' } }],
      sessions: { count: 20 },
      visitors: 10,
      metrics: { views: 40 },
    })
    assert.deepEqual([nodes[1].label, nodes[1].node], ['Post 2', null])
    assert.deepEqual(remainder, { sessions: { count: 20 }, visitors: 10, metrics: { views: 40 } })
  })

  test('rows of posts are searched by title and address, with the value that they are ordered by', async () => {
    const search = (args: string) =>
      report(`totals { views }
        rows(by: [POST], ${args}) {
          totalCount
          edges { cursor value node { values { key } metrics { views speed { lcp { value } } } } }
          remainder { metrics { views } }
        }`)
    const { data, errors } = await search('search: " TEST/One ", orderBy: { metric: SPEED_LCP }')
    assert.deepEqual(errors, [])
    const { rows, totals } = data.site.report
    assert.equal(rows.totalCount, 1)
    const [{ cursor, value, node }] = rows.edges
    assert.deepEqual([node.values[0].key, value], ['1', node.metrics.speed.lcp.value])
    assert.equal(node.metrics.views + rows.remainder.metrics.views, totals.views)
    const nothing = await search('search: "no such post"')
    assert.deepEqual(nothing.data.site.report.rows.edges, [])
    const refused = [
      await search(`search: "other", orderBy: { metric: SPEED_LCP }, after: "${cursor}"`),
      await search(`search: "${'x'.repeat(201)}"`),
      await report('rows(by: [COUNTRY], search: "one") { totalCount }'),
    ]
    for (const { errors: of } of refused) assert.match(JSON.stringify(of), /BAD_USER_INPUT/)
  })

  test('any percentile, shares with intervals, core web vitals and savings are metrics', async () => {
    const { data, errors } = await report(
      `totals {
        median: quantile(of: LCP, p: 0.5) { p value samples }
        high: quantile(of: LCP, p: $p) { p value low high }
        coreWebVitals
        ratings { lcp { good shares { good { value low high samples enough } poor { value } } } }
        delivery { savings(pricePerGigabyte: 0.08) { bytes money carbonGrams } }
      }
      series(interval: DAY) { metrics { quantile(of: LCP, p: 0.5) { value } coreWebVitals } }`.replace(
        '$p',
        '0.95',
      ),
    )
    assert.deepEqual(errors, [])
    const { totals, series } = data.site.report
    assert.deepEqual(totals.median, { p: 0.5, value: 1089, samples: 120 })
    assert.deepEqual(totals.high.p, 0.95)
    assert.ok(totals.high.low <= totals.high.value && totals.high.value <= totals.high.high)
    assert.equal(totals.coreWebVitals, 'NO')
    const { good, poor } = totals.ratings.lcp.shares
    assert.deepEqual([good.value, good.samples, good.enough, poor.value], [80 / 120, 120, true, 0])
    // Wilson's interval of 80 of 120, by hand.
    assert.ok(Math.abs(good.low - 0.5783) < 1e-3 && Math.abs(good.high - 0.7446) < 1e-3)
    assert.deepEqual(totals.delivery.savings, { bytes: 360e9, money: 28.8, carbonGrams: 360 * 0.055 * 494 })
    assert.deepEqual(series[0].metrics, { quantile: { value: 1089 }, coreWebVitals: 'NO' })
  })

  test("savings are at the site's own rates where no argument names others", async () => {
    const savingsOf = async (args: string) => {
      const { data, errors } = await report(`
        one: totals { delivery { savings${args} { money currency carbonGrams } } }
        sections { totals { delivery { savings${args} { money currency carbonGrams } } } }
        rows(by: [COUNTRY], first: 1) { remainder { metrics { delivery { savings${args} { currency } } } } }`)
      assert.deepEqual(errors, [])
      const { one, sections, rows } = data.site.report
      assert.deepEqual(sections.totals, one)
      return [one.delivery.savings, rows.remainder.metrics.delivery.savings.currency]
    }
    const carbonGrams = 360 * 0.055 * 494
    assert.deepEqual(await savingsOf(''), [{ money: null, currency: null, carbonGrams }, null])
    const rates = { pricePerGigabyte: 0.5, currency: 'EUR', carbonPerGigabyte: 10 }
    await opened.registry.sites.configure(siteId, { savingsRates: rates })
    assert.deepEqual(await savingsOf(''), [{ money: 180, currency: 'EUR', carbonGrams: 3600 }, 'EUR'])
    assert.deepEqual(await savingsOf('(pricePerGigabyte: 1)'), [
      { money: 360, currency: null, carbonGrams: 3600 },
      null,
    ])
    const post = await ask(
      opened.api,
      `{ site(siteId: "${siteId}") { post(postId: "1") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
        totals { delivery { savings { money currency } } } } } } }`,
    )
    assert.deepEqual(post.data.site.post.report.totals.delivery.savings, { money: 60, currency: 'EUR' })
    const none = { pricePerGigabyte: null, currency: null, carbonPerGigabyte: null }
    await opened.registry.sites.configure(siteId, { savingsRates: none })
  })

  test('a percentile may be a variable', async () => {
    const query = `query ($p: Float!) { site(siteId: "${siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
      totals { ...Half views } } } } fragment Half on Metrics { quantile(of: LCP, p: $p) { value } }`
    const { data, errors } = await ask(opened.api, query, { variables: { p: 0.5 } })
    assert.deepEqual(errors, [])
    assert.deepEqual(data.site.report.totals, { quantile: { value: 1089 }, views: 120 })
  })

  test('a range is compared with the period before, the year before, and any other', async () => {
    const { data, errors } = await report(`
      before: compare(with: PREVIOUS_PERIOD, metrics: [VIEWS]) { from to changes { metric label unit value baseline difference ratio interval { low } conclusive } }
      year: compare(with: SAME_PERIOD_LAST_YEAR, metrics: [SPEED_LCP]) { from changes { value baseline difference } }
      same: compare(days: { first: "2026-05-01", last: "2026-05-01" }) { changes { metric difference conclusive } }
    `)
    assert.deepEqual(errors, [])
    const { before: previous, year, same } = data.site.report
    assert.deepEqual(previous, {
      from: '2026-04-30T00:00:00.000Z',
      to: '2026-05-01T00:00:00.000Z',
      changes: [
        {
          metric: 'VIEWS',
          label: 'Views',
          unit: 'views',
          value: 120,
          baseline: 0,
          difference: 120,
          ratio: null,
          interval: null,
          conclusive: false,
        },
      ],
    })
    assert.equal(year.from, '2025-05-01T00:00:00.000Z')
    assert.deepEqual(year.changes[0].baseline, null)
    assert.ok(same.changes.length > 40)
    for (const { difference, conclusive } of same.changes) {
      assert.ok(difference === 0 || difference === null)
      assert.equal(conclusive, false)
    }
  })

  test('an experiment says its result in a sentence, and the days still needed', async () => {
    const { data, errors } = await report(
      'experiment { summary daysNeeded changes(metrics: [SPEED_LCP, RATINGS_LCP, DELIVERY_PEER_HIT_RATIO]) { metric difference conclusive interval { low high } } }',
    )
    assert.deepEqual(errors, [])
    const { summary, daysNeeded, changes } = data.site.report.experiment
    assert.match(
      summary,
      /^Pages of assisted readers were 1,99\d ms faster .*80 assisted and 40 control views\)\.$/,
    )
    assert.equal(daysNeeded, 0)
    const [lcp, good, peers] = changes
    assert.ok(lcp.conclusive && lcp.interval.high < 0)
    assert.ok(good.conclusive && good.difference === 1)
    assert.equal(peers.interval, null)
    const few = await report('experiment { summary daysNeeded }', {
      filter: { where: [{ dimension: 'COUNTRY', eq: 'GB' }] },
    })
    assert.match(few.data.site.report.experiment.summary, /^There are too few views to compare/)
    assert.equal(few.data.site.report.experiment.daysNeeded, null)
  })

  test('searches have engines with engagement, and landing pages', async () => {
    const { data, errors } = await report(`search {
      engines { key visits engagedMs { value } scrollDepth { value } sessions { count bounceRatio } }
      assistants { key }
      landingPages(first: 2) { key visits }
    }`)
    assert.deepEqual(errors, [])
    assert.deepEqual(data.site.report.search, {
      engines: [
        {
          key: 'Google',
          visits: 30,
          engagedMs: { value: 5000 },
          scrollDepth: { value: 0.5 },
          sessions: { count: 15, bounceRatio: 0 },
        },
      ],
      assistants: [],
      landingPages: [
        { key: 'https://blog.test/0/', visits: 10 },
        { key: 'https://blog.test/1/', visits: 10 },
      ],
    })
  })

  test('ranges have names in the time zone of the site', async () => {
    const { data, errors } = await report('from to timeZone', { days: null, period: 'THIS_YEAR' })
    assert.deepEqual(errors, [])
    const { from, to } = data.site.report
    assert.match(from, /-01-01T00:00:00\.000Z$/)
    assert.ok(Date.parse(to) > Date.now() - 1000)
  })

  test('each figure of a report has a section that is the same, or null alone', async () => {
    const figures = `totals { views } series(interval: DAY) { metrics { views } } breakdown(by: DEVICE) { key metrics { views } }
      sessions { count } visitors arrivals { sent } bots { views } drops { reason beacons }
      experiment { assisted { views } } comparison { previous { views } }`
    const query = (text: string, first = '2026-05-01') =>
      `{ site(siteId: "${siteId}") { report(days: { first: "${first}", last: "2026-05-01" }) { ${text} } } }`
    const both = await ask(sendingApi(opened.sources), query(`${figures} sections { ${figures} }`))
    assert.deepEqual(both.errors, [])
    const { sections, ...own } = both.data.site.report
    assert.deepEqual(sections, own)

    const late = await ask(
      sendingApi({ ...opened.sources, sectionTime: 0 }),
      // The store still has the answers about the first range.
      query(`totals { views } sections { ${figures} }`, '2026-04-30'),
    )
    assert.equal(late.status, 200)
    const names = Object.keys(own)
    assert.deepEqual(late.data.site.report, {
      totals: { views: 120 },
      sections: Object.fromEntries(names.map((name) => [name, null])),
    })
    assert.equal(late.errors.filter(({ extensions }) => extensions.code === 'TIMED_OUT').length, names.length)
  })

  test('one section that takes too long is null with an error, and the others are answered', async () => {
    const api = sendingApi({ ...opened.sources, sectionTime: 0 })
    const query = `{ site(siteId: "${siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
      totals { views } rows(by: [URL]) { totalCount } search { engines { key } } } } }`
    const { status, data, errors } = await ask(api, query)
    assert.equal(status, 200)
    assert.deepEqual(data.site.report, { totals: { views: 120 }, rows: null, search: { engines: null } })
    assert.deepEqual(
      errors.map(({ extensions }) => extensions.code),
      ['TIMED_OUT', 'TIMED_OUT'],
    )
    assert.match(errors[0]?.message ?? '', /took more than 0 s/)
  })

  test('each response has its cost, and a spent budget refuses with 429', async () => {
    const api = sendingApi({ ...opened.sources, budget: new CostBudget(45) })
    const send = (fields: string) =>
      api.fetch('http://api.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer reader' },
        body: JSON.stringify({
          query: `{ site(siteId: "${siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) { ${fields} } } }`,
        }),
      })
    const costOf = async (response: Response) =>
      (
        (await response.json()) as {
          extensions: { cost: { requested: number; remaining: number; resetAt: string } }
        }
      ).extensions.cost
    const first = await costOf(await send('totals { views }'))
    assert.deepEqual([first.requested, first.remaining], [11, 34])
    assert.ok(Date.parse(first.resetAt) > Date.now())
    const second = await costOf(await send('rows(by: [COUNTRY, DEVICE]) { totalCount }'))
    assert.deepEqual([second.requested, second.remaining], [21, 13])
    const refused = await send('rows(by: [COUNTRY, DEVICE]) { totalCount }')
    assert.equal(refused.status, 429)
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
    const { errors } = (await refused.json()) as { errors: { extensions: { code: string } }[] }
    assert.equal(errors[0]?.extensions.code, 'RATE_LIMITED')
  })

  const rows = (args: string) => `rows(${args}) { totalCount }`
  const bad: Record<string, readonly [selection: string, args?: object]> = {
    'an unknown dimension': [rows('by: [SHOE_SIZE]')],
    'no dimension': [rows('by: []')],
    'one dimension twice': [rows('by: [COUNTRY, COUNTRY]')],
    'three dimensions': [rows('by: [COUNTRY, DEVICE, ARM]')],
    'a negative size': [rows('by: [COUNTRY], first: -1')],
    'a size of 0': [rows('by: [COUNTRY], first: 0')],
    'too large a size': [rows('by: [COUNTRY], first: 501')],
    'a text that is no cursor': [rows('by: [COUNTRY], after: "x"')],
    'a cursor of another list': [
      rows(`by: [COUNTRY], after: "${Buffer.from('["a",1,1,"=NL"]').toString('base64url')}"`),
    ],
    'a percentile of 1': ['totals { quantile(of: LCP, p: 1) { value } }'],
    'a percentile below 0': ['totals { quantile(of: LCP, p: -0.5) { value } }'],
    'a percentile of an unknown value': ['totals { quantile(of: SHOES, p: 0.5) { value } }'],
    'a negative price': ['totals { delivery { savings(pricePerGigabyte: -1) { money } } }'],
    'two baselines': [
      'compare(with: PREVIOUS_PERIOD, days: { first: "2026-05-01", last: "2026-05-01" }) { from }',
    ],
    'no baseline': ['compare { from }'],
    'a backwards baseline': [
      'compare(range: { from: "2026-05-02T00:00:00Z", to: "2026-05-01T00:00:00Z" }) { from }',
    ],
    'a condition without a part': ['totals { views }', { filter: { where: [{ dimension: 'COUNTRY' }] } }],
    'an empty list of values': [
      'totals { views }',
      { filter: { where: [{ dimension: 'COUNTRY', in: [] }] } },
    ],
    'too many conditions': [
      'totals { views }',
      { filter: { where: Array.from({ length: 31 }, () => ({ dimension: 'COUNTRY', eq: 'NL' })) } },
    ],
    'an unknown name of a range': ['totals { views }', { days: null, period: 'NEXT_YEAR' }],
    'two ranges': ['totals { views }', { period: 'TODAY' }],
    'days in the wrong order': ['totals { views }', { days: { first: '2026-05-02', last: '2026-05-01' } }],
    '10,000 aliases': [Array.from({ length: 10_000 }, (_, i) => `a${i}: from`).join(' ')],
    'a document of 1 MB': [`# ${'x'.repeat(1024 ** 2)}\n from`],
  }
  for (const [what, [selection, args]] of Object.entries(bad)) {
    test(`refuses ${what}`, async () => {
      const { status, data, errors } = await report(selection, args)
      assert.ok(status >= 400 && status < 500, `${what}: ${status} ${JSON.stringify(errors)}`)
      assert.equal(data, undefined)
      assert.match(errors[0]?.extensions.code ?? '', /^[A-Z_]+$/)
    })
  }

  test('refuses a cursor of the same rows in another range', async () => {
    const { data } = await report('rows(by: [COUNTRY], first: 1) { pageInfo { endCursor } }')
    const { endCursor } = data.site.report.rows.pageInfo
    const later = { days: { first: '2026-05-01', last: '2026-05-02' } }
    const refused = await report(rows(`by: [COUNTRY], first: 1, after: "${endCursor}"`), later)
    assert.deepEqual([refused.status, refused.errors[0]?.extensions.code], [400, 'BAD_USER_INPUT'])
    assert.match(refused.errors[0]?.message ?? '', /cursor is of another query/)
  })
})
