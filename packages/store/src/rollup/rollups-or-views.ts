import type { Connection, Row, Statement } from '../engine/connection.ts'
import type { CallOptions } from '../engine/queue/call-options.ts'
import { onBehalfOf } from '../engine/queue/on-behalf-of.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { isUnchanged, type RollupState, rollupStates, withoutRollups } from './rollup-state.ts'
import type { Slice } from './slice.ts'

/** The data that reports are computed from. */
export interface ReportSource {
  readonly connection: Connection
  /** Queries about more snapshots than this use rollups if one fits; percentiles are then within a bin's error. */
  readonly exactViews: number
  /** Returns which cells and days the rollups cover. */
  readonly stateFor: ReturnType<typeof rollupStates>
}

/** Returns the source of reports on an engine's data. */
export function reportSource(connection: Connection, exactViews: number): ReportSource {
  return { connection, exactViews, stateFor: rollupStates(connection) }
}

/** Returns the same source with these options for every query. All callers share the cached states of the rollups. */
export function sourceFor(source: ReportSource, options: CallOptions): ReportSource {
  return {
    connection: onBehalfOf(source.connection, options),
    exactViews: source.exactViews,
    stateFor: (query) => source.stateFor(query, options),
  }
}

/** A query, and the slice of the rollups that can answer it; undefined when none can. */
export interface SlicedQuery {
  readonly query: ReportQuery
  readonly slice: Slice | undefined
}

/** The two statements that answer a query. */
export interface Statements {
  /** Reads the snapshots alone. */
  readonly exact: () => Statement
  /** Reads the rollups where they are current, and the snapshots elsewhere. */
  readonly rolled: (state: RollupState, slice: Slice) => Statement
}

/** How often rollups that change during the query are read, before only the snapshots are. */
const maxTries = 3

/** Runs one of the two statements. Returns its rows, and whether they are from the rollups. */
export async function queryRollupsOrViews(
  { connection, exactViews, stateFor }: ReportSource,
  { query, slice }: SlicedQuery,
  { exact, rolled }: Statements,
): Promise<{ readonly rows: readonly Row[]; readonly areRolled: boolean }> {
  const read = async ({ sql, parameters }: Statement, areRolled: boolean) => ({
    rows: await connection.query(sql, parameters),
    areRolled,
  })
  if (slice === undefined) return read(exact(), false)
  let current = await stateFor(query)
  if (current.state.snapshots <= exactViews) return read(exact(), false)
  for (let tries = 0; tries < maxTries; tries++) {
    const answer = await read(rolled(current.state, slice), true)
    if (current.isUntouched()) return answer
    const before = current
    current = await stateFor(query)
    if (isUnchanged(before.state, current.state)) return answer
  }
  return read(rolled(withoutRollups(current.state), slice), true)
}
