import assert from 'node:assert/strict'
import { rowTime, type ViewRow } from '@peerpress/store'
import { ask, ndjson, openTestApi, type TestApi, viewRow } from '../api.testing.ts'

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

/** An API with a site that has a day of views. */
export interface DayReport {
  readonly opened: TestApi
  readonly siteId: string
  /** Queries the report of the day, or of other `args`. */
  report(selection: string, args?: object): ReturnType<typeof ask>
  /** Returns the number of views that all conditions hold for. */
  viewsOf(where: readonly object[]): Promise<number>
}

export async function openDayReport(): Promise<DayReport> {
  const opened = await openTestApi()
  const site = { url: 'https://blog.test', consent: 'assumed', allowPrivateAddresses: false } as const
  const siteId = (await opened.registry.sites.add(site)).site.id
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
  const report: DayReport['report'] = (selection, args = {}) => {
    const query = `query ($siteId: String!, $range: RangeInput, $days: DaysInput, $period: RangeName, $filter: ReportFilter) {
      site(siteId: $siteId) { report(range: $range, days: $days, period: $period, filter: $filter) { ${selection} } }
    }`
    return ask(opened.api, query, { variables: { siteId, days: day, ...args }, viewer: 'reader' })
  }
  return {
    opened,
    siteId,
    report,
    viewsOf: async (where) => {
      const { data, errors } = await report('totals { views }', { filter: { where } })
      assert.deepEqual(errors, [])
      return data.site.report.totals.views as number
    },
  }
}
