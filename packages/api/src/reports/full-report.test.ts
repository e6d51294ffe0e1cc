import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask } from '../api.testing.ts'
import { type DayReport, openDayReport } from './day-report.testing.ts'

suite('the full report', { timeout: 120_000 }, () => {
  let day: DayReport
  before(async () => {
    day = await openDayReport()
  })
  after(() => day.opened.close())

  test('any percentile, shares with intervals, core web vitals and savings are metrics', async () => {
    const { data, errors } = await day.report(
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
      const { data, errors } = await day.report(`
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
    await day.opened.registry.sites.configure(day.siteId, { savingsRates: rates })
    assert.deepEqual(await savingsOf(''), [{ money: 180, currency: 'EUR', carbonGrams: 3600 }, 'EUR'])
    assert.deepEqual(await savingsOf('(pricePerGigabyte: 1)'), [
      { money: 360, currency: null, carbonGrams: 3600 },
      null,
    ])
    const post = await ask(
      day.opened.api,
      `{ site(siteId: "${day.siteId}") { post(postId: "1") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
        totals { delivery { savings { money currency } } } } } } }`,
    )
    assert.deepEqual(post.data.site.post.report.totals.delivery.savings, { money: 60, currency: 'EUR' })
    const none = { pricePerGigabyte: null, currency: null, carbonPerGigabyte: null }
    await day.opened.registry.sites.configure(day.siteId, { savingsRates: none })
  })

  test('a percentile may be a variable', async () => {
    const query = `query ($p: Float!) { site(siteId: "${day.siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
      totals { ...Half views } } } } fragment Half on Metrics { quantile(of: LCP, p: $p) { value } }`
    const { data, errors } = await ask(day.opened.api, query, { variables: { p: 0.5 } })
    assert.deepEqual(errors, [])
    assert.deepEqual(data.site.report.totals, { quantile: { value: 1089 }, views: 120 })
  })

  test('a range is compared with the period before, the year before, and any other', async () => {
    const { data, errors } = await day.report(`
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
    const { data, errors } = await day.report(
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
    const few = await day.report('experiment { summary daysNeeded }', {
      filter: { where: [{ dimension: 'COUNTRY', eq: 'GB' }] },
    })
    assert.match(few.data.site.report.experiment.summary, /^There are too few views to compare/)
    assert.equal(few.data.site.report.experiment.daysNeeded, null)
  })

  test('searches have engines with engagement, and landing pages', async () => {
    const { data, errors } = await day.report(`search {
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
    const { data, errors } = await day.report('from to timeZone', { days: null, period: 'THIS_YEAR' })
    assert.deepEqual(errors, [])
    const { from, to } = data.site.report
    assert.match(from, /-01-01T00:00:00\.000Z$/)
    assert.ok(Date.parse(to) > Date.now() - 1000)
  })
})
