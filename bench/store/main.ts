import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeViewRow, openStore } from '@peerpress/store'
import { connectEmbedded } from '@peerpress/store/embedded'
import { type Spread, spreadOf } from '../median.ts'
import { printReport } from '../print-report.ts'
import { range, site, viewAt } from './views.ts'

// Views as the collector brings them, through the store's own door into its real schema, and a report over all of them.
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, views: { type: 'string' } } })
const isQuick = values.quick ?? false
const views = Number(values.views ?? (isQuick ? 20_000 : 10_000_000))
const batch = Math.min(views, 50_000)
/** Batches that are made before the clock starts, and how many of them are on their way at once, as in the drain. */
const batchesTimed = 8
const atOnce = 2
const rounds = isQuick ? 1 : 5
/** Views after which it is told again how far it has come: a hundred million take an hour. */
const every = 1_000_000
/** ms that a percentile by country may take, by the number of views. */
const mostMs = new Map([
  [10_000_000, 50],
  [100_000_000, 250],
]).get(views)
const limits = { queryTime: 300_000, memory: 4 * 1024 ** 3 }

const directory = await mkdtemp(join(tmpdir(), 'peerpress-bench-store-'))
try {
  const rates: number[] = []
  const times: number[] = []
  const lcpTimes: number[] = []
  let rolled = 0
  const store = await openStore({ directory, ...limits })
  try {
    for (let first = 0; first < views; first += batchesTimed * batch) {
      const end = Math.min(views, first + batchesTimed * batch)
      const batches: [token: string, rows: Buffer][] = []
      for (let from = first; from < end; from += batch)
        batches.push([String(from), textOf(from, Math.min(end, from + batch))])
      const bring = async (): Promise<void> => {
        for (let next = batches.shift(); next; next = batches.shift())
          await store.insertViews(next[1], next[0])
      }
      const took = await timed(() => Promise.all(Array.from({ length: atOnce }, bring)))
      rates.push((end - first) / (took / 1000))
      if (end === views || Math.floor(end / every) > Math.floor(first / every))
        tell(`${count(end)} of ${count(views)} views, ${count(spreadOf(rates).median)} a second`)
    }
    rolled = await timed(async () => {
      while (!(await store.roll()));
    })
    tell(`added up, ${count(views / (rolled / 1000))} a second`)
    const question = { site, ...range }
    for (let round = 0; round < rounds; round++) {
      times.push(await timed(() => store.breakdown(question, 'country', 50)))
      lcpTimes.push(
        await timed(() => store.breakdown({ ...question, metrics: ['speed.lcp'] }, 'country', 50)),
      )
    }
    tell(
      `p75 of LCP by country ${count(spreadOf(lcpTimes).median)} ms, all figures ${count(spreadOf(times).median)} ms`,
    )
    const { views: counted } = await store.totals({ site, ...range })
    if (counted !== views) throw new Error(`${counted} of ${views} views are in the store`)
  } finally {
    await store.close()
  }
  const rate = spreadOf(rates)
  const time = spreadOf(times)
  const lcpTime = spreadOf(lcpTimes)
  const { size, digest } = await engineAlone()
  const alone = { against: null, theirs: null, ratio: null }
  printReport('store', [
    {
      metric: 'views inserted per second',
      ours: rate.median,
      ...alone,
      target: '≥ 250,000',
      met: rate.median >= 250_000,
      spread: { ours: rate.range },
    },
    {
      metric: 'views added up per second',
      ours: views / (rolled / 1000),
      ...alone,
      target: null,
      met: null,
    },
    {
      metric: 'bytes on disk per view, merged',
      ours: size,
      ...alone,
      target: '≤ 40',
      met: size <= 40,
    },
    {
      metric: `p75 of LCP by country over 30 days of ${count(views)} views, ms`,
      ours: lcpTime.median,
      against: 'the engine, t-digest over the same snapshots',
      theirs: digest.median,
      ratio: lcpTime.median / digest.median,
      target: mostMs === undefined ? null : `< ${mostMs}`,
      met: mostMs === undefined ? null : lcpTime.median < mostMs,
      spread: { ours: lcpTime.range, theirs: digest.range },
    },
    {
      metric: 'all figures by country over the same, ms',
      ours: time.median,
      ...alone,
      target: null,
      met: null,
      spread: { ours: time.range },
    },
  ])
} finally {
  await rm(directory, { recursive: true })
}

/** What the engine itself tells of its tables, and how fast it is without us. */
async function engineAlone(): Promise<{ size: number; digest: Spread }> {
  const engine = await connectEmbedded(directory, { ...limits, queryTime: 3_600_000 })
  try {
    const digests: number[] = []
    for (let round = 0; round < rounds; round++) {
      digests.push(
        await timed(() =>
          engine.query(
            'SELECT country, quantileTDigest(0.75)(lcp) AS p FROM snapshots FINAL GROUP BY country',
            {},
          ),
        ),
      )
    }
    tell(`t-digest of LCP by country ${count(spreadOf(digests).median)} ms`)
    for (const table of ['snapshots', 'arrivals']) await engine.command(`OPTIMIZE TABLE ${table} FINAL`)
    const tables = await engine.query(
      'SELECT table, sum(bytes_on_disk) AS bytes FROM system.parts WHERE active GROUP BY table ORDER BY bytes DESC',
      {},
    )
    let size = 0
    for (const { table, bytes } of tables) {
      size += Number(bytes) / views
      tell(`${(Number(bytes) / views).toFixed(2)} bytes a view in ${String(table)}`)
    }
    return { size, digest: spreadOf(digests) }
  } finally {
    await engine.close()
  }
}

function textOf(from: number, to: number): Buffer {
  return Buffer.from(
    Array.from({ length: to - from }, (_, i) => `${encodeViewRow(viewAt(from + i))}\n`).join(''),
  )
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en')
}

function tell(line: string): void {
  console.error(`  ${line}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
