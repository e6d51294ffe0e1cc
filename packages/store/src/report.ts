import { askedParts } from './asked-parts.ts'
import { condition } from './condition.ts'
import type { Connection, Parameters } from './connection.ts'
import { boundariesOf } from './intervals.ts'
import type { BreakdownRow, Metrics, SeriesPoint } from './metrics.ts'
import { type MetricsSelection, noMetrics, ofPieces, ofViews, readMetrics } from './metrics-sql.ts'
import { type Dimension, dimensions, type Interval, maxBreakdownRows, type Question } from './question.ts'
import { fromSnapshots, pieces, type RolledKey, type Slice } from './rollup/coverage.ts'
import { asUnknown, isStill, knowledgeOf } from './rollup/known.ts'
import { StoreError } from './store-error.ts'

/** What reports are made of. */
export interface ReportSource {
  readonly connection: Connection
  /** A question about more snapshots than this is answered from rollups where these can, within a bin's error. */
  readonly exactViews: number
  /** What the rollups know. */
  readonly known: ReturnType<typeof knowledgeOf>
}

/** Reports on what is in an engine. */
export function reportSource(connection: Connection, exactViews: number): ReportSource {
  return { connection, exactViews, known: knowledgeOf(connection) }
}

/** The metrics of all views a question is about. */
export async function totals(source: ReportSource, question: Question): Promise<Metrics> {
  const [answer] = await ask(source, { question })
  if (answer === undefined) throw new StoreError('query-failed', 'an aggregate over nothing gave no row')
  return answer.metrics
}

/** The metrics by interval, every interval of the range present. */
export async function series(
  source: ReportSource,
  question: Question,
  { interval, timeZone }: { readonly interval: Interval; readonly timeZone: string },
): Promise<SeriesPoint[]> {
  // Before anything is counted: a range that makes no sense has no intervals.
  condition(question)
  const boundaries = boundariesOf(question, interval, timeZone)
  const starts = boundaries.slice(0, -1)
  const startOf = (ms: string) => `roundDown(${ms}, [${starts.map((at) => `toInt64(${at})`).join(', ')}])`
  const answers = await ask(source, {
    question,
    by: undefined,
    boundaries,
    key: {
      rolled: startOf('toInt64(toUnixTimestamp(period)) * 1000'),
      viewed: startOf('toUnixTimestamp64Milli(started_at)'),
    },
  })
  const found = new Map(answers.map(({ key, metrics }) => [Number(key), metrics]))
  return starts.map((at) => ({ start: new Date(at), metrics: found.get(at) ?? noMetrics }))
}

/** The metrics by key of a dimension, most views first. */
export async function breakdown(
  source: ReportSource,
  question: Question,
  { by, limit }: { readonly by: Dimension; readonly limit: number },
): Promise<BreakdownRow[]> {
  // `by` becomes SQL, so it is checked whatever the types say.
  if (!dimensions.includes(by)) throw new StoreError('bad-question', `no dimension ${by}`)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxBreakdownRows) {
    throw new StoreError('bad-question', `a breakdown has 1 to ${maxBreakdownRows} rows`)
  }
  const key = { rolled: by === 'arm' ? 'arm' : 'if(known, key, NULL)', viewed: by }
  const answers = await ask(source, { question, by, key, limit })
  return answers.map(({ key: value, metrics }) => ({ key: value as string | null, metrics }))
}

interface Asked {
  readonly question: Question
  readonly by?: Dimension | undefined
  readonly key?: RolledKey
  readonly boundaries?: readonly number[]
  readonly limit?: number
}

interface Answer {
  readonly key: unknown
  readonly metrics: Metrics
}

/** How often a question is asked of rollups that change meanwhile, before it is asked of the views themselves. */
const maxTries = 3

/** One answer for each key, or one for all. */
async function ask({ connection, exactViews, known }: ReportSource, asked: Asked): Promise<Answer[]> {
  const { question, key, boundaries } = asked
  const { measures } = askedParts(question)
  const read = async ({ sql, parameters }: Statement, binned: boolean): Promise<Answer[]> => {
    const rows = await connection.query(sql, parameters)
    return rows.map((row) => ({ key: row['key'], metrics: readMetrics(row, { measures, binned }) }))
  }
  const slice = sliceFor(question, asked.by)
  if (slice === undefined) return read(exact(asked), false)
  const rolled = { question, slice, key, boundaries }
  let now = await known(question)
  if (now.known.snapshots <= exactViews) return read(exact(asked), false)
  for (let tries = 0; tries < maxTries; tries++) {
    const answers = await read(fromRollups(pieces(rolled, now.known), asked), true)
    if (now.isUntouched()) return answers
    const before = now
    now = await known(question)
    if (isStill(before.known, now.known)) return answers
  }
  return read(fromRollups(pieces(rolled, asUnknown(now.known)), asked), true)
}

/** The slice of the rollups that can answer a question; undefined when none tells apart all that it asks for. */
function sliceFor({ filter = {} }: Question, by: Dimension | undefined): Slice | undefined {
  const { arm: _inEverySlice, ...filtered } = filter
  const asked = new Set(
    Object.entries(filtered).flatMap(([key, value]) => (value === undefined ? [] : [key])),
  )
  if (by !== undefined && by !== 'arm') asked.add(by)
  const [only = 'all', ...others] = asked
  const known: readonly string[] = ['all', 'country', 'device', 'network', 'post'] satisfies Slice[]
  return others.length === 0 && known.includes(only) ? (only as Slice) : undefined
}

interface Statement {
  readonly sql: string
  readonly parameters: Parameters
}

/**
 * Nothing may be filtered before FINAL has chosen the snapshot that counts: an older snapshot that matches would
 * stand in for a newer one that doesn't. The engine pushes only `site` and the cell, parts of the key, below FINAL.
 */
function exact({ question, key, limit }: Asked): Statement {
  const { where, parameters } = condition(question)
  const from = `snapshots FINAL\n  WHERE ${where} AND ${fromSnapshots.cells}`
  const select = { key: key?.viewed, limit, ...ofViews(askedParts(question)) }
  return { sql: selectMetrics({ ...select, states: fromSnapshots.states, from }), parameters }
}

function fromRollups({ sql, parameters }: Statement, { question, key, limit }: Asked): Statement {
  const from = `(${sql}\n  ) AS pieces`
  const select = { key: key && 'pieces.label', limit, ...ofPieces(askedParts(question)) }
  return { sql: selectMetrics({ ...select, from }), parameters }
}

interface MetricsSelect extends MetricsSelection {
  readonly states?: string
  readonly key: string | undefined
  readonly limit: number | undefined
  readonly from: string
}

function selectMetrics({ states, key, limit, columns, aggregates, from }: MetricsSelect): string {
  const order = 'ORDER BY view_count DESC, key ASC NULLS LAST'
  return `
${states === undefined ? '' : `WITH ${states}`}
SELECT ${key === undefined ? '' : 'key, '}${columns}
FROM (
  SELECT ${key === undefined ? '' : `${key} AS key,`}
  ${aggregates}
  FROM ${from}
  ${key === undefined ? '' : `GROUP BY key ${order}`}
  ${limit === undefined ? '' : `LIMIT ${limit}`}
)
${key === undefined ? '' : order}`
}
