import type { Connection } from '../engine/connection.ts'
import type { CallOptions } from '../engine/queue/call-options.ts'
import { SharedCall } from '../engine/queue/shared-call.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { rangeParameters } from '../query/condition.ts'
import type { Span } from './periods.ts'

/** Which cells and days of a site the rollups cover at one moment. Cells and days are named by their start, epoch s. */
export interface RollupState {
  /** Number of snapshots in the cells of the query's hours: the cost of reading them. */
  readonly snapshots: number
  readonly days: ReadonlyMap<number, DayState>
}

interface DayState {
  /** Number of writes into the day. */
  readonly writes: number
  /** Whether the rows of `days` include all of these writes. */
  readonly isRolled: boolean
  /** The cells whose rows in `hours` are older than the last write, or missing. */
  readonly stale: readonly number[]
  /** Number of writes into each of the other cells. It is empty for a day that is rolled up. */
  readonly fresh: ReadonlyMap<number, number>
}

const hour = 3600
const day = 24 * hour

/** A state of the rollups. */
export interface CurrentState {
  readonly state: RollupState
  /** Returns whether nothing can have been written since the state was read. */
  readonly isUntouched: () => boolean
}

/** Maximum number of ranges whose states are cached. */
const maxCached = 100

/**
 * Returns a function that reads the rollups' state for a query's site. A report is many queries: all queries of one range
 * share a state until something may have been written. With an engine that others write to, each query reads the state.
 */
export function rollupStates(
  connection: Connection,
): (query: ReportQuery, options?: CallOptions) => Promise<CurrentState> {
  const cached = new Map<string, SharedCall<RollupState>>()
  let isUnwritten = (): boolean => false
  return async (query, { caller, signal } = {}) => {
    if (!isUnwritten()) {
      cached.clear()
      isUnwritten = connection.watchWrites?.() ?? (() => false)
    }
    const isUntouched = isUnwritten
    const range = JSON.stringify(rangeParameters(query))
    const found = cached.get(range)
    const call =
      found === undefined || found.isAbandoned
        ? new SharedCall((abandoned) => readState(connection, query, { caller, signal: abandoned }))
        : found
    const [oldest] = cached.keys()
    if (oldest !== undefined && cached.size >= maxCached) cached.delete(oldest)
    cached.set(range, call)
    try {
      return { state: await call.wait(signal), isUntouched }
    } catch (error) {
      // When one caller leaves, the call continues for the others.
      if (!signal?.aborted && cached.get(range) === call) cached.delete(range)
      throw error
    }
  }
}

async function readState(
  connection: Connection,
  query: ReportQuery,
  options: CallOptions,
): Promise<RollupState> {
  const rows = await connection.query(
    `
SELECT toUnixTimestamp(toStartOfDay(cell)) AS of_day, sum(written) AS writes, max(in_day) = writes AS is_rolled,
  groupArrayIf(toUnixTimestamp(cell), written != in_hour) AS stale,
  if(is_rolled, [], groupArrayIf((toUnixTimestamp(cell), written), written = in_hour)) AS fresh,
  sumIf(written, cell >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND cell < {to:DateTime64(3, 'UTC')}) AS snapshots
FROM (
  SELECT cell, sum(marked) AS written, max(of_hour) AS in_hour, max(of_day) AS in_day
  FROM (
    SELECT cell, writes AS marked, toUInt64(0) AS of_hour, toUInt64(0) AS of_day FROM marks WHERE site = {site:String}
    UNION ALL
    SELECT cell, 0, if(unit = 'hour', generation, 0), if(unit = 'day', generation, 0) FROM rolled
    WHERE site = {site:String}
  )
  GROUP BY cell
)
GROUP BY of_day
HAVING writes > 0`,
    rangeParameters(query),
    options,
  )
  const days = rows.map((row): [number, DayState] => [
    Number(row['of_day']),
    {
      writes: Number(row['writes']),
      isRolled: Boolean(row['is_rolled']),
      stale: (row['stale'] as (number | string)[]).map(Number),
      fresh: new Map((row['fresh'] as (number | string)[][]).map(([cell, n]) => [Number(cell), Number(n)])),
    },
  ])
  return { snapshots: rows.reduce((sum, row) => sum + Number(row['snapshots']), 0), days: new Map(days) }
}

/**
 * Returns whether nothing was written into the cells and days that the rollups covered before. If so, no row was replaced by
 * one of a newer state, of which a query in between may have read a part.
 */
export function isUnchanged(before: RollupState, after: RollupState): boolean {
  for (const [start, { writes, isRolled, stale, fresh }] of before.days) {
    const now = after.days.get(start)
    if (now === undefined) return false
    const isStillRolled = now.isRolled || !isRolled
    if (now.writes === writes && isStillRolled && now.stale.length <= stale.length) continue
    if (isRolled) return false
    for (const [cell, written] of fresh) if (now.fresh.get(cell) !== written) return false
  }
  return true
}

/** Returns the state as if the rollups covered nothing. */
export function withoutRollups({ snapshots, days }: RollupState): RollupState {
  const uncovered = [...days].map(([start, { writes }]): [number, DayState] => {
    const stale = Array.from({ length: 24 }, (_, i) => start + i * hour)
    return [start, { writes, isRolled: false, stale, fresh: new Map() }]
  })
  return { snapshots, days: new Map(uncovered) }
}

/** Maximum number of spans in a statement, whose length is limited. There are few, except after a crash. */
const maxSpans = 50

/** Maximum number of rolled-up days in a statement, for the same reason. */
const maxDays = 2000

/** Returns the cells that must be read from the snapshots, and perhaps others between them. */
export function staleCells({ days }: RollupState): readonly Span[] {
  const spans = spansOf(
    [...days.values()].flatMap(({ stale }) => stale),
    hour,
  )
  const [first, last] = [spans[0], spans.at(-1)]
  return first && last && spans.length > maxSpans ? [[first[0], last[1]]] : spans
}

/** Days that are read from `days`. */
interface RolledDays {
  readonly spans: readonly Span[]
  /** Their starts, each with the generation of its rows: the number of writes that they include. */
  readonly generations: readonly (readonly [start: number, generation: number])[]
  /** Whether these are all days of the site. */
  readonly areAll: boolean
}

/** Returns the days that are rolled up; if they are scattered or very many, the latest of them. */
export function rolledDays({ days }: RollupState): RolledDays {
  const rolled = new Map([...days].flatMap(([of, { isRolled, writes }]) => (isRolled ? [[of, writes]] : [])))
  const latest = [...rolled.keys()].toSorted((a, b) => a - b).slice(-maxDays)
  const spans = spansOf(latest, day).slice(-maxSpans)
  const from = spans[0]?.[0] ?? Infinity
  const generations = [...rolled].filter(([of]) => of >= from)
  return { spans, generations, areAll: generations.length === days.size }
}

function spansOf(starts: readonly number[], length: number): Span[] {
  const spans: [number, number][] = []
  for (const start of starts.toSorted((a, b) => a - b)) {
    const latest = spans.at(-1)
    if (latest?.[1] === start - length) latest[1] = start
    else spans.push([start, start])
  }
  return spans
}
