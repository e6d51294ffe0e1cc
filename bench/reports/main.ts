import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeViewRow, openStore, type Store, StoreError } from '@peerpress/store'
import { connectEmbedded } from '@peerpress/store/embedded'
import { type Spread, spreadOf } from '../median.ts'
import { printReport } from '../print-report.ts'
import { range, site, viewAt } from '../store/views.ts'
import { limitOf, type Question, questions } from './questions.ts'

// The dashboard's questions to a store of 30 days, and the same asked raw of its engine. A large store takes long to build:
// with --store it stays in that folder, and later runs ask it again.
const { values } = parseArgs({
  options: { quick: { type: 'boolean' }, views: { type: 'string' }, store: { type: 'string' } },
})
const isQuick = values.quick ?? false
const views = Number(values.views ?? (isQuick ? 20_000 : 10_000_000))
const rounds = isQuick ? 2 : 20
const limits = { queryTime: 300_000, memory: 4 * 1024 ** 3 }
const batch = 50_000

const directory =
  values.store === undefined
    ? await mkdtemp(join(tmpdir(), 'peerpress-bench-reports-'))
    : resolve(values.store, `views-${views}`)
try {
  await mkdir(directory, { recursive: true })
  const ours = await askStore()
  const theirs = await askEngine()
  const rows = questions.flatMap((question) => rowsOf(question, ours, theirs))
  printReport('reports', rows)
} finally {
  if (values.store === undefined) await rm(directory, { recursive: true })
}

interface Took {
  /** Each time computed anew. */
  readonly computed: Times
  /** As the dashboard asks again while no view arrives. */
  readonly again: Times
}

type Times = Spread & { readonly p95: number }

async function askStore(): Promise<Map<Question, Took>> {
  const store = await openStore({ directory, ...limits })
  try {
    await build(store)
    const times = new Map<Question, Took>()
    for (const question of questions) {
      const query = { site, ...range }
      // The first one reads from the disk.
      await timed(() => question.ask(store, query))
      const again = await timesOf(() => question.ask(store, query))
      // A condition that all views meet: no answer of another round is that of this one.
      const computed = await timesOf((round) =>
        question.ask(store, { ...query, filter: { where: [{ by: 'arm', not: [`round ${round}`] }] } }),
      )
      times.set(question, { computed, again })
      say(`${question.name}: computed ${inMs(computed)}; again ${inMs(again)}`)
    }
    return times
  } finally {
    await store.close()
  }
}

async function timesOf(ask: (round: number) => Promise<unknown>): Promise<Times> {
  const took: number[] = []
  for (let round = 0; round < rounds; round++) took.push(await timed(() => ask(round)))
  const p95 = took.toSorted((a, b) => a - b)[Math.ceil(0.95 * rounds) - 1] ?? Number.NaN
  return { ...spreadOf(took), p95 }
}

async function build(store: Store): Promise<void> {
  const { views: known } = await store.totals({ site, ...range, metrics: [] })
  if (known === views) return
  // Views that are inserted again change nothing. They come in the order of time, as those of readers do.
  for (let from = 0; from < views; from += batch) {
    const part = { from: from / views, length: Math.min(batch, views - from) / views }
    const rows = Array.from({ length: Math.min(batch, views - from) }, (_, i) => viewAt(from + i, part))
    const text = Buffer.from(rows.map((row) => `${encodeViewRow(row)}\n`).join(''))
    await store.insertViews(text, String(from))
    if ((from / batch) % 20 === 19) say(`${(from + batch).toLocaleString('en')} views`)
  }
  while (!(await store.roll()));
  const { views: counted } = await store.totals({ site, ...range, metrics: [] })
  if (counted !== views) throw new Error(`${counted} of ${views} views are in the store`)
}

async function askEngine(): Promise<Map<Question, Spread>> {
  const engine = await connectEmbedded(directory, limits)
  try {
    const times = new Map<Question, Spread>()
    for (const question of questions) {
      const took: number[] = []
      for (let round = 0; round < Math.min(rounds, 3); round++) {
        took.push(
          await timed(async () => {
            for (const sql of question.raw) await engine.query(sql, {})
          }),
        )
      }
      times.set(question, spreadOf(took))
      say(`${question.name}, raw: ${Math.round(spreadOf(took).median)} ms`)
    }
    return times
  } catch (error) {
    if (error instanceof StoreError) throw new Error(`the engine alone: ${error.message}`, { cause: error })
    throw error
  } finally {
    await engine.close()
  }
}

function rowsOf(
  question: Question,
  ours: ReadonlyMap<Question, Took>,
  theirs: ReadonlyMap<Question, Spread>,
) {
  const took = ours.get(question)
  const raw = theirs.get(question)
  if (took === undefined || raw === undefined) throw new Error(`${question.name} was not asked`)
  const limit = limitOf(question.kind, views)
  const isOverview = question.kind === 'overview'
  const row = (how: string, own: Times, target: number | null) => ({
    metric: `${question.name}, ${views.toLocaleString('en')} views${how}, p95 ms`,
    ours: own.p95,
    against: 'the engine, the same over its rows',
    theirs: raw.median,
    ratio: own.p95 / raw.median,
    target: target === null ? null : `≤ ${target}`,
    met: target === null ? null : own.p95 <= target,
    spread: { ours: own.range, theirs: raw.range },
  })
  const computed = row(', computed', took.computed, isOverview ? null : limit)
  return isOverview ? [row(', asked again', took.again, limit), computed] : [computed]
}

function inMs({ median, p95 }: Times): string {
  return `${Math.round(median)} ms (p95 ${Math.round(p95)})`
}

function say(line: string): void {
  console.error(`  ${line}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
