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
  const rows = questions.map((question) => rowOf(question, ours, theirs))
  printReport('reports', rows)
} finally {
  if (values.store === undefined) await rm(directory, { recursive: true })
}

async function askStore(): Promise<Map<Question, Spread & { readonly p95: number }>> {
  const store = await openStore({ directory, ...limits })
  try {
    await build(store)
    const times = new Map<Question, Spread & { readonly p95: number }>()
    for (const question of questions) {
      const query = { site, ...range }
      // The first one reads from the disk.
      await timed(() => question.ask(store, query))
      const took: number[] = []
      for (let round = 0; round < rounds; round++) took.push(await timed(() => question.ask(store, query)))
      const p95 = took.toSorted((a, b) => a - b)[Math.ceil(0.95 * rounds) - 1] ?? Number.NaN
      times.set(question, { ...spreadOf(took), p95 })
      say(`${question.name}: median ${Math.round(spreadOf(took).median)} ms, p95 ${Math.round(p95)} ms`)
    }
    return times
  } finally {
    await store.close()
  }
}

async function build(store: Store): Promise<void> {
  const { views: known } = await store.totals({ site, ...range, metrics: [] })
  if (known === views) return
  // Views that are inserted again change nothing.
  for (let from = 0; from < views; from += batch) {
    const rows = Array.from({ length: Math.min(batch, views - from) }, (_, i) => viewAt(from + i))
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

function rowOf(
  question: Question,
  ours: ReadonlyMap<Question, Spread & { readonly p95: number }>,
  theirs: ReadonlyMap<Question, Spread>,
) {
  const own = ours.get(question)
  const raw = theirs.get(question)
  if (own === undefined || raw === undefined) throw new Error(`${question.name} was not asked`)
  const limit = limitOf(question.kind, views)
  return {
    metric: `${question.name}, ${views.toLocaleString('en')} views, p95 ms`,
    ours: own.p95,
    against: 'the engine, the same over its rows',
    theirs: raw.median,
    ratio: own.p95 / raw.median,
    target: limit === null ? null : `≤ ${limit}`,
    met: limit === null ? null : own.p95 <= limit,
    spread: { ours: own.range, theirs: raw.range },
  }
}

function say(line: string): void {
  console.error(`  ${line}`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
