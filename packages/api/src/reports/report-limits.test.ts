import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { ask, sendingApi } from '../api.testing.ts'
import { CostBudget } from '../limits/cost-budget.ts'
import { type DayReport, openDayReport } from './day-report.testing.ts'

suite('limits of a report', { timeout: 120_000 }, () => {
  let day: DayReport
  before(async () => {
    day = await openDayReport()
  })
  after(() => day.opened.close())

  test('each figure of a report has a section that is the same, or null alone', async () => {
    const figures = `totals { views } series(interval: DAY) { metrics { views } } breakdown(by: DEVICE) { key metrics { views } }
      sessions { count } visitors arrivals { sent } bots { views } drops { reason beacons }
      experiment { assisted { views } } comparison { previous { views } }`
    const query = (text: string, first = '2026-05-01') =>
      `{ site(siteId: "${day.siteId}") { report(days: { first: "${first}", last: "2026-05-01" }) { ${text} } } }`
    const both = await ask(sendingApi(day.opened.sources), query(`${figures} sections { ${figures} }`))
    assert.deepEqual(both.errors, [])
    const { sections, ...own } = both.data.site.report
    assert.deepEqual(sections, own)

    const late = await ask(
      sendingApi({ ...day.opened.sources, sectionTime: 0 }),
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
    const api = sendingApi({ ...day.opened.sources, sectionTime: 0 })
    const query = `{ site(siteId: "${day.siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) {
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
    const api = sendingApi({ ...day.opened.sources, budget: new CostBudget(45) })
    const send = (fields: string) =>
      api.fetch('http://api.test/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer reader' },
        body: JSON.stringify({
          query: `{ site(siteId: "${day.siteId}") { report(days: { first: "2026-05-01", last: "2026-05-01" }) { ${fields} } } }`,
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
      const { status, data, errors } = await day.report(selection, args)
      assert.ok(status >= 400 && status < 500, `${what}: ${status} ${JSON.stringify(errors)}`)
      assert.equal(data, undefined)
      assert.match(errors[0]?.extensions.code ?? '', /^[A-Z_]+$/)
    })
  }
})
