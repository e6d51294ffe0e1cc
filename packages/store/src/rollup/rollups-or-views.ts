import type { Connection, Row, Statement } from '../engine/connection.ts'
import type { CallOptions } from '../engine/queue/call-options.ts'
import { onBehalfOf } from '../engine/queue/on-behalf-of.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { Answers } from './answers.ts'
import { isUnchanged, type RollupState, rollupStates, withoutRollups } from './rollup-state.ts'
import type { Slice } from './slice.ts'

/** The data that reports are computed from. */
export interface ReportSource {
  readonly connection: Connection
  /** Queries about more snapshots than this use rollups if one fits; percentiles are then within a bin's error. */
  readonly exactViews: number
  /** Returns which cells and days the rollups cover. */
  readonly stateFor: ReturnType<typeof rollupStates>
  /** Answers that are used again. undefined: others write to the engine, unseen. */
  readonly answers: Answers | undefined
}

/** Returns the source of reports on an engine's data. */
export function reportSource(connection: Connection, exactViews: number): ReportSource {
  const answers = connection.watchWrites === undefined ? undefined : new Answers()
  return { connection, exactViews, stateFor: rollupStates(connection), answers }
}

/** Returns the same source with these options for every query. All callers share the answers and the states of the rollups. */
export function sourceFor(source: ReportSource, options: CallOptions): ReportSource {
  return {
    ...source,
    connection: onBehalfOf(source.connection, options),
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
  { connection, exactViews, stateFor, answers }: ReportSource,
  { query, slice }: SlicedQuery,
  { exact, rolled }: Statements,
): Promise<{ readonly rows: readonly Row[]; readonly areRolled: boolean }> {
  const read = ({ sql, parameters }: Statement): Promise<readonly Row[]> => connection.query(sql, parameters)
  if (slice === undefined && answers === undefined) return { rows: await read(exact()), areRolled: false }
  let current = await stateFor(query)
  /** Reads the answer that was computed in this state, or computes it. */
  const readOnce = async (statement: Statement): Promise<readonly Row[]> => {
    const found = answers?.find(statement, current.state)
    if (found !== undefined) return found
    const { state, isUntouched } = current
    const rows = await read(statement)
    if (isUntouched()) answers?.keep(statement, state, rows)
    return rows
  }
  if (slice === undefined || current.state.snapshots <= exactViews) {
    return { rows: await readOnce(exact()), areRolled: false }
  }
  for (let tries = 0; tries < maxTries; tries++) {
    const rows = await readOnce(rolled(current.state, slice))
    if (current.isUntouched()) return { rows, areRolled: true }
    const before = current
    current = await stateFor(query)
    if (isUnchanged(before.state, current.state)) return { rows, areRolled: true }
  }
  return { rows: await read(rolled(withoutRollups(current.state), slice)), areRolled: true }
}
