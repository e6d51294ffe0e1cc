import type { Connection, Parameters, Row } from '../engine/connection.ts'
import type { Dimension, ReportQuery } from '../model/report-query.ts'
import type { CallOptions } from '../engine/queue/call-options.ts'
import { onBehalfOf } from '../engine/queue/on-behalf-of.ts'
import type { Slice } from './coverage.ts'
import { asUnknown, isStill, type Known, knowledgeOf } from './rollup-state.ts'

/** What reports are made of. */
export interface ReportSource {
  readonly connection: Connection
  /** A query about more snapshots than this is answered from rollups where these can, within a bin's error. */
  readonly exactViews: number
  /** What the rollups know. */
  readonly known: ReturnType<typeof knowledgeOf>
}

/** Reports on what is in an engine. */
export function reportSource(connection: Connection, exactViews: number): ReportSource {
  return { connection, exactViews, known: knowledgeOf(connection) }
}

/** The same reports, with these options for every query. What the rollups know is shared between callers. */
export function sourceFor(source: ReportSource, options: CallOptions): ReportSource {
  return {
    connection: onBehalfOf(source.connection, options),
    exactViews: source.exactViews,
    known: (query) => source.known(query, options),
  }
}

export interface Statement {
  readonly sql: string
  readonly parameters: Parameters
}

/** A query, and the slice of the rollups that can answer it; undefined when none can. */
export interface EitherQuery {
  readonly query: ReportQuery
  readonly slice: Slice | undefined
}

/** The two ways to answer it. */
export interface Ways {
  /** From the snapshots alone. */
  readonly exact: () => Statement
  /** From the rollups as far as they know, else from the snapshots. */
  readonly rolled: (known: Known, slice: Slice) => Statement
}

/** How often a query is asked of rollups that change meanwhile, before it is asked of the views themselves. */
const maxTries = 3

/** The rows of one of the statements, and of which. */
export async function askEither(
  { connection, exactViews, known }: ReportSource,
  { query, slice }: EitherQuery,
  { exact, rolled }: Ways,
): Promise<{ readonly rows: readonly Row[]; readonly areRolled: boolean }> {
  const read = async ({ sql, parameters }: Statement, areRolled: boolean) => ({
    rows: await connection.query(sql, parameters),
    areRolled,
  })
  if (slice === undefined) return read(exact(), false)
  let now = await known(query)
  if (now.known.snapshots <= exactViews) return read(exact(), false)
  for (let tries = 0; tries < maxTries; tries++) {
    const answer = await read(rolled(now.known, slice), true)
    if (now.isUntouched()) return answer
    const before = now
    now = await known(query)
    if (isStill(before.known, now.known)) return answer
  }
  return read(rolled(asUnknown(now.known), slice), true)
}

/** The slice of the rollups that can answer a query; undefined when none tells apart all that it asks for. */
export function sliceFor({ filter = {} }: ReportQuery, by?: Dimension): Slice | undefined {
  const { arm: _inEverySlice, ...filtered } = filter
  const asked = new Set(
    Object.entries(filtered).flatMap(([key, value]) => (value === undefined ? [] : [key])),
  )
  if (by !== undefined && by !== 'arm') asked.add(by)
  const [only = 'all', ...others] = asked
  const known: readonly string[] = ['all', 'country', 'device', 'network', 'post'] satisfies Slice[]
  return others.length === 0 && known.includes(only) ? (only as Slice) : undefined
}
