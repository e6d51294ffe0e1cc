import { randomUUID } from 'node:crypto'
import type { Connection } from '../engine/connection.ts'
import { binColumns, wholeSelection } from '../model/catalogue/catalogue.ts'
import type { Measure } from '../model/catalogue/metric.ts'
import { quoted } from '../model/quoted.ts'
import { cellOfView, hashOfView } from '../model/view-place.ts'
import { numbersOf } from '../query/arrived-numbers.ts'
import { StoreError } from '../store-error.ts'
import { binOf } from './log-bins.ts'
import type { Slice } from './slice.ts'

/** Timing of a run. */
export interface RollOptions {
  /** ms that a cell waits after its last write. A server may show a mark before the rows that it marks. */
  readonly settleMs: number
  /** Minimum ms between two rollups of one cell. */
  readonly hourPauseMs: number
  /** Minimum ms between two rollups of one day. */
  readonly dayPauseMs: number
  /** ms after which no further statement starts. */
  readonly budgetMs: number
  /** Cancels the statement that runs, and starts no further one. */
  readonly signal?: AbortSignal | undefined
}

/** Approximate number of writes that one statement rolls up. Its memory grows with them. */
const writesAtOnce = 500_000

/** Maximum number of units in one statement. Its text names all their cells and may have 262,144 bytes. */
const unitsAtOnce = { hour: 1000, day: 40 } as const

/** A unit whose rollup is older than its last write: a cell, or all cells of a day. */
interface Due {
  readonly site: string
  /** epoch s */
  readonly cell: number
  readonly generation: number
}

type Unit = 'hour' | 'day'

/**
 * Rolls up all units that have changed since their last rollup: hours first, then days that are over. A crash loses nothing,
 * because a unit counts as rolled up only after all its rows are written.
 * @returns the number of units that were rolled up, and whether all due units were
 */
export async function roll(
  connection: Connection,
  options: RollOptions,
): Promise<{ readonly units: number; readonly done: boolean }> {
  const end = Date.now() + options.budgetMs
  let units = 0
  try {
    return await rollAll()
  } catch (error) {
    if (options.signal?.aborted && error instanceof StoreError && error.code === 'aborted') {
      return { units, done: false }
    }
    throw error
  }

  async function rollAll(): Promise<{ readonly units: number; readonly done: boolean }> {
    for (const unit of ['hour', 'day'] as const) {
      for (;;) {
        if (Date.now() > end || options.signal?.aborted) return { units, done: false }
        const due = await dueUnits(connection, unit, options)
        if (due.length === 0) break
        await connection.command(rollup(unit, due))
        await connection.insert({
          table: 'rolled',
          rows: Buffer.from(due.map((of) => `${JSON.stringify({ unit, ...of })}\n`).join('')),
          token: randomUUID(),
          // A query that read the old rows and then this record would count neither old nor new rows.
          isExclusive: true,
        })
        units += due.length
      }
    }
    return { units, done: true }
  }
}

/**
 * Returns the due units, oldest write first. Ids without a time share the cell of 1970, which would grow for ever, so it is
 * always read from the snapshots.
 */
async function dueUnits(
  connection: Connection,
  unit: Unit,
  { settleMs, hourPauseMs, dayPauseMs }: RollOptions,
): Promise<Due[]> {
  const cell = unit === 'hour' ? 'cell' : 'toStartOfDay(cell)'
  const isOver = unit === 'hour' ? 'true' : 'of_cell < toStartOfDay(now())'
  const pauseMs = unit === 'hour' ? hourPauseMs : dayPauseMs
  const rows = await connection.query(
    `
SELECT marked.site AS site, toUnixTimestamp(of_cell) AS cell, marked.writes AS generation
FROM (
  SELECT site, ${cell} AS of_cell, sum(writes) AS writes, max(written_at) AS written_at
  FROM marks WHERE toUnixTimestamp(marks.cell) >= 86400 GROUP BY site, of_cell
) AS marked
LEFT JOIN (SELECT site, cell, generation, rolled_at FROM rolled FINAL WHERE unit = '${unit}') AS rolled
  ON rolled.site = marked.site AND rolled.cell = marked.of_cell
WHERE marked.writes != rolled.generation AND ${isOver}
  AND abs(dateDiff('millisecond', marked.written_at, now64(3))) >= {settle:UInt64}
  AND abs(dateDiff('millisecond', toDateTime64(rolled.rolled_at, 3), now64(3))) >= {pause:UInt64}
ORDER BY marked.written_at
LIMIT ${unitsAtOnce[unit]}`,
    { settle: settleMs, pause: pauseMs },
  )
  const due: Due[] = []
  let writes = 0
  for (const row of rows) {
    const [site, of, generation] = [String(row['site']), Number(row['cell']), Number(row['generation'])]
    if (due.length > 0 && writes + generation > writesAtOnce) break
    writes += generation
    due.push({ site, cell: of, generation })
  }
  return due
}

/** SQL of whether a view's key is known, and of the key, over a row of `snapshots`. */
const keys: Readonly<Record<Slice, string>> = {
  all: "(true, '')",
  country: "(country IS NOT NULL, ifNull(toString(country), ''))",
  device: "(device IS NOT NULL, ifNull(toString(device), ''))",
  network: "(network IS NOT NULL, ifNull(toString(network), ''))",
  post: "(post IS NOT NULL, ifNull(toString(post), ''))",
}

/**
 * SQL of the positions in `sorted`, from 1, at which each bin begins. The lambda compares neighbours and captures nothing: a
 * captured array is copied for each element, which took 8 GiB for an hour of 300,000 views. There is no bin 65535.
 */
const startsOfRuns = `arrayFilter(
          (at, bin, before) -> bin != before,
          arrayEnumerate(sorted), sorted, arrayPopBack(arrayPushFront(sorted, 65535)))`

/** Returns the statement that rolls units up. */
function rollup(unit: Unit, due: readonly Due[]): string {
  const { table, period, unitOf } =
    unit === 'hour'
      ? { table: 'hours', period: 'hour', unitOf: cellOfView }
      : { table: 'days', period: 'day', unitOf: `toStartOfDay(${cellOfView})` }
  const periodOf = unit === 'hour' ? 'toStartOfHour(started_at)' : 'toStartOfDay(started_at)'
  // A post has few views in an hour: `hours` would have as many rows by post as there are views.
  const kinds = Object.entries(keys).filter(([slice]) => unit === 'day' || slice !== 'post')
  const units = due.map(({ site, cell }) => `(${quoted(site)}, toDateTime(${cell}, 'UTC'))`).join(', ')
  const cells = unit === 'hour' ? units : due.flatMap(cellsOfDay).join(', ')
  const generations = due
    .map(({ site, cell, generation }) => `(${quoted(site)}, ${cell}, ${generation})`)
    .join(', ')
  const { figures, measures } = wholeSelection
  const binOfView = ({ name, scale }: Measure) =>
    `${binOf(`(toFloat64(snapshots.${name}) * ${scale})`)} AS ${name}_bin`
  return `
INSERT INTO ${table} (site, slice, known, key, arm, ${period}, cell, generation,
  ${figures.map(({ name }) => name).join(', ')}, sent_snapshots, received_snapshots,
  ${measures.flatMap(binColumns).join(', ')})
SELECT rolled_up.site, rolled_up.slice, rolled_up.of.1, rolled_up.of.2, rolled_up.arm, rolled_up.period, rolled_up.cell, due.generation,
  ${figures.map(({ name }) => `rolled_up.${name}`).join(', ')}, rolled_up.sent_snapshots, rolled_up.received_snapshots,
  ${measures.map((_, i) => `rolled_up.counted[${i + 1}].1, rolled_up.counted[${i + 1}].2`).join(', ')}
FROM (
  SELECT site, both.1 AS slice, both.2 AS of, arm, period, cell,
    ${figures.map(({ name }) => `sum(views.${name}) AS ${name}`).join(', ')},
    sum(views.sent_snapshots) AS sent_snapshots, sum(views.received_snapshots) AS received_snapshots,
    arrayMap(
      sorted -> (
        arrayCompact(sorted),
        arrayMap(n -> toUInt32(n), arrayPopFront(arrayDifference(arrayPushBack(${startsOfRuns}, length(sorted) + 1))))
      ),
      [${measures.map(({ name }) => `arraySort(groupArray(views.${name}_bin))`).join(', ')}]
    ) AS counted
  FROM (
    SELECT site, arm, ${periodOf} AS period, ${unitOf} AS cell,
      [${kinds.map(([slice, of]) => `('${slice}', ${of})`).join(', ')}] AS kinds,
      ${figures.map(({ name, ofView }) => `${ofView} AS ${name}`).join(', ')},
      toUInt64(if(known.numbers > 0, sequence, 0)) AS sent_snapshots, known.numbers AS received_snapshots,
      ${measures.map(binOfView).join(', ')}
    FROM snapshots FINAL
    LEFT JOIN (${numbersOf(`(site, cell) IN (${cells})`)}) AS known
      ON known.of_site = snapshots.site AND known.of_cell = ${cellOfView} AND known.of_hash = ${hashOfView}
    WHERE (site, ${cellOfView}) IN (${cells})
  ) AS views
  ARRAY JOIN kinds AS both
  GROUP BY site, slice, of, arm, period, cell
) AS rolled_up
INNER JOIN (
  SELECT tuple.1 AS site, toDateTime(tuple.2, 'UTC') AS cell, tuple.3 AS generation
  FROM (SELECT arrayJoin([${generations}]) AS tuple)
) AS due ON due.site = rolled_up.site AND due.cell = rolled_up.cell`
}

function cellsOfDay({ site, cell }: Due): string[] {
  return Array.from({ length: 24 }, (_, i) => `(${quoted(site)}, toDateTime(${cell + i * 3600}, 'UTC'))`)
}
