import type { Connection } from '../engine/connection.ts'
import { rangeParameters } from '../query/condition.ts'
import type { ReportQuery } from '../model/report-query.ts'
import type { CallOptions } from '../engine/queue/call-options.ts'
import { SharedCall } from '../engine/queue/shared-call.ts'

/** The first and the last of cells, or of days, that follow each other; their starts in epoch s. */
export type Span = readonly [first: number, last: number]

/** What the rollups know of a site at one moment. Cells and days are named by their start, epoch s. */
export interface Known {
  /** How many snapshots are in the cells of the query's hours: what reading them would cost. */
  readonly snapshots: number
  readonly days: ReadonlyMap<number, KnownDay>
}

interface KnownDay {
  /** How often something was written into it. */
  readonly writes: number
  /** The rows of `days` are of its present state. */
  readonly isAddedUp: boolean
  /** Its cells of which the rows of `hours` are of an older state, or which have none. */
  readonly stale: readonly number[]
  /** How often something was written into each of its other cells; of days that are added up it is not told. */
  readonly fresh: ReadonlyMap<number, number>
}

const hour = 3600
const day = 24 * hour

/** What rollups know, and whether nothing can have been written since they were asked. */
export interface KnownNow {
  readonly known: Known
  readonly isUntouched: () => boolean
}

/** Ranges of which it is remembered at most. */
const maxRemembered = 100

/**
 * Asks what the rollups know of a query's site: once for all queries of a range as long as nothing can have been
 * written, as a report is many queries; each time of an engine that others write to.
 */
export function knowledgeOf(
  connection: Connection,
): (query: ReportQuery, options?: CallOptions) => Promise<KnownNow> {
  const remembered = new Map<string, SharedCall<Known>>()
  let watch = (): boolean => false
  return async (query, { caller, signal } = {}) => {
    if (!watch()) {
      remembered.clear()
      watch = connection.watchWrites?.() ?? (() => false)
    }
    const isUntouched = watch
    const range = JSON.stringify(rangeParameters(query))
    const found = remembered.get(range)
    const known =
      found === undefined || found.isAbandoned
        ? new SharedCall((abandoned) => askKnown(connection, query, { caller, signal: abandoned }))
        : found
    const [oldest] = remembered.keys()
    if (oldest !== undefined && remembered.size >= maxRemembered) remembered.delete(oldest)
    remembered.set(range, known)
    try {
      return { known: await known.wait(signal), isUntouched }
    } catch (error) {
      // A caller that leaves takes nothing from the others.
      if (!signal?.aborted && remembered.get(range) === known) remembered.delete(range)
      throw error
    }
  }
}

async function askKnown(connection: Connection, query: ReportQuery, options: CallOptions): Promise<Known> {
  const rows = await connection.query(
    `
SELECT toUnixTimestamp(toStartOfDay(cell)) AS of_day, sum(written) AS writes, max(in_day) = writes AS is_added_up,
  groupArrayIf(toUnixTimestamp(cell), written != in_hour) AS stale,
  if(is_added_up, [], groupArrayIf((toUnixTimestamp(cell), written), written = in_hour)) AS fresh,
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
  const days = rows.map((row): [number, KnownDay] => [
    Number(row['of_day']),
    {
      writes: Number(row['writes']),
      isAddedUp: Boolean(row['is_added_up']),
      stale: (row['stale'] as (number | string)[]).map(Number),
      fresh: new Map((row['fresh'] as (number | string)[][]).map(([cell, n]) => [Number(cell), Number(n)])),
    },
  ])
  return { snapshots: rows.reduce((sum, row) => sum + Number(row['snapshots']), 0), days: new Map(days) }
}

/**
 * Whether nothing was written into what rollups were believed to know: if so, none of their rows has been replaced by
 * those of a newer state, of which a query in between may have seen a part.
 */
export function isStill(before: Known, after: Known): boolean {
  for (const [start, { writes, isAddedUp, stale, fresh }] of before.days) {
    const now = after.days.get(start)
    if (now === undefined) return false
    const isAsKnown = now.isAddedUp || !isAddedUp
    if (now.writes === writes && isAsKnown && now.stale.length <= stale.length) continue
    if (isAddedUp) return false
    for (const [cell, written] of fresh) if (now.fresh.get(cell) !== written) return false
  }
  return true
}

/** As if nothing had been added up. */
export function asUnknown({ snapshots, days }: Known): Known {
  const unknown = [...days].map(([start, { writes }]): [number, KnownDay] => {
    const stale = Array.from({ length: 24 }, (_, i) => start + i * hour)
    return [start, { writes, isAddedUp: false, stale, fresh: new Map() }]
  })
  return { snapshots, days: new Map(unknown) }
}

/** Spans at most: a query has room for no more, and few are all there ever are but after a crash. */
const maxSpans = 50

/** Days at most that are read added up, for the same reason. */
const maxDays = 2000

/** The cells that must be read from the snapshots, and perhaps others between. */
export function staleCells({ days }: Known): readonly Span[] {
  const spans = spansOf(
    [...days.values()].flatMap(({ stale }) => stale),
    hour,
  )
  const [first, last] = [spans[0], spans.at(-1)]
  return first && last && spans.length > maxSpans ? [[first[0], last[1]]] : spans
}

/** Days that are read added up. */
interface DaysAddedUp {
  readonly spans: readonly Span[]
  /** Their starts, each with the generation of its rows: how often was written into it. */
  readonly generations: readonly (readonly [start: number, generation: number])[]
  /** Whether those are all there are. */
  readonly areAll: boolean
}

/** The days that are added up, or, where they are scattered or very many, the latest of them. */
export function daysAddedUp({ days }: Known): DaysAddedUp {
  const addedUp = new Map(
    [...days].flatMap(([of, { isAddedUp, writes }]) => (isAddedUp ? [[of, writes]] : [])),
  )
  const latest = [...addedUp.keys()].toSorted((a, b) => a - b).slice(-maxDays)
  const spans = spansOf(latest, day).slice(-maxSpans)
  const from = spans[0]?.[0] ?? Infinity
  const generations = [...addedUp].filter(([of]) => of >= from)
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
