import type { MetricPath, ReportQuery, Store } from '@peerpress/store'

/** A question to the store, and the same asked raw of the engine: SQL over `snapshots`. */
export interface Question {
  readonly name: string
  readonly kind: 'overview' | 'rolled up' | 'other'
  readonly ask: (store: Store, query: ReportQuery) => Promise<unknown>
  readonly raw: readonly string[]
}

/** Metrics of the overview's six figures. */
const overview: readonly MetricPath[] = [
  'views',
  'reliability.viewSuccessRatio',
  'speed.lcp',
  'delivery.peerHitRatio',
  'delivery.bytesSaved',
  'engagement.engagedMs',
]

const figures = `count(), countIf(assets_complete > 0 AND assets_failed = 0), quantileExact(0.75)(lcp),
  sum(bytes_peer), sum(bytes_peer + bytes_seed + bytes_mirror + bytes_origin + bytes_cache), quantileExact(0.5)(engaged_ms)`
const by = (key: string, where = 'true') =>
  `SELECT ${key} AS key, ${figures} FROM snapshots FINAL WHERE ${where} GROUP BY key ORDER BY count() DESC LIMIT 50`

const rows = (dimension: 'country' | 'device' | 'network' | 'post'): Question => ({
  name: `a page by ${dimension}`,
  kind: 'rolled up',
  ask: (store, query) =>
    store.rows({ ...query, metrics: overview }, { by: [dimension], first: 50, withRemainder: false }),
  raw: [by(dimension)],
})

/** The questions of the dashboard's pages. */
export const questions: readonly Question[] = [
  {
    name: 'the overview: totals, the period before, 30 days, countries and posts',
    kind: 'overview',
    ask: (store, query) => {
      const selected = { ...query, metrics: overview }
      const length = query.to.getTime() - query.from.getTime()
      const from = new Date(query.from.getTime() - length)
      return Promise.all([
        store.totals(selected),
        store.totals({ ...selected, from, to: query.from }),
        store.series(selected, 'DAY'),
        store.breakdown({ ...query, metrics: ['speed.lcp'] }, 'country', 250),
        store.breakdown({ ...query, metrics: ['speed.lcp'] }, 'post', 10),
      ])
    },
    raw: [
      `SELECT ${figures} FROM snapshots FINAL`,
      by('toDate(started_at)'),
      'SELECT country, count(), quantileExact(0.75)(lcp) FROM snapshots FINAL GROUP BY country',
      'SELECT post, count() AS n, quantileExact(0.75)(lcp) FROM snapshots FINAL GROUP BY post ORDER BY n DESC LIMIT 10',
    ],
  },
  rows('country'),
  rows('device'),
  rows('network'),
  rows('post'),
  {
    name: 'rows by country and device',
    kind: 'other',
    ask: (store, query) =>
      store.rows({ ...query, metrics: overview }, { by: ['country', 'device'], first: 50 }),
    raw: [by('(country, device)')],
  },
  {
    name: 'totals of one browser and two countries',
    kind: 'other',
    ask: (store, query) =>
      store.totals({
        ...query,
        metrics: overview,
        filter: {
          where: [
            ...(query.filter?.where ?? []),
            { by: 'browser', eq: 'Chrome' },
            { by: 'country', in: ['DE', 'FR'] },
          ],
        },
      }),
    raw: [`SELECT ${figures} FROM snapshots FINAL WHERE browser = 'Chrome' AND country IN ('DE', 'FR')`],
  },
  {
    name: 'rows by search engine, by LCP',
    kind: 'other',
    ask: (store, query) =>
      store.rows(
        { ...query, metrics: overview },
        { by: ['search_engine'], first: 50, order: { metric: 'speed.lcp', direction: 'desc' } },
      ),
    raw: [by('search_engine')],
  },
]

/**
 * ms within which a question must be answered, by the number of views; null: there is no promise. The promise for the overview
 * is about answers that the store still has.
 */
export function limitOf(kind: Question['kind'], views: number): number | null {
  if (views === 10_000_000) return { overview: 100, 'rolled up': 250, other: 2000 }[kind]
  return views === 100_000_000 && kind === 'overview' ? 600 : null
}
