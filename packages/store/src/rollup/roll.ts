import { randomUUID } from 'node:crypto'
import { numbersOf } from '../query/arrived-numbers.ts'
import type { Connection } from '../engine/connection.ts'
import { measureNames, measures } from '../model/measures.ts'
import { quoted } from '../model/quoted.ts'
import { StoreError } from '../store-error.ts'
import { figureNames, viewFigures } from '../model/view-figures.ts'
import { cellOfView, hashOfView } from '../model/view-place.ts'
import { binOf } from './log-bins.ts'

/** How rolling goes about it. */
export interface RollOptions {
  /** ms that a cell waits after its last write: on a server a mark may be seen before what it marks. */
  readonly settleMs: number
  /** ms after which a cell that has changed again is added up again. */
  readonly hourPauseMs: number
  /** The same of a whole day. */
  readonly dayPauseMs: number
  /** ms after which no other statement is begun. */
  readonly budgetMs: number
  /** The same, at once. */
  readonly signal?: AbortSignal | undefined
}

/** Writes that are added up in one statement, more or less: what it holds in memory grows with them. */
const writesAtOnce = 500_000

/** Units that are added up in one statement at most: its text, which names all their cells, has room for 262,144 bytes. */
const unitsAtOnce = { hour: 1000, day: 40 } as const

/** A cell, or all cells of a day. */
interface Due {
  readonly site: string
  /** epoch s */
  readonly cell: number
  readonly generation: number
}

type Unit = 'hour' | 'day'

/**
 * Adds up again what has changed since it was last added up: hours first, then days that are over. A crash in between
 * loses nothing, because a cell counts as added up only once all its rows are written.
 * @returns how many units were added up, and whether any that was due is left
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
          // A query that had read the rows before and reads this after them would miss both old and new ones.
          isExclusive: true,
        })
        units += due.length
      }
    }
    return { units, done: true }
  }
}

/**
 * The units that are due, oldest write first. Ids without a time share the cell of 1970, which would grow for ever: it
 * is always read from the snapshots.
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

const slices = {
  all: "(true, '')",
  country: "(country IS NOT NULL, ifNull(toString(country), ''))",
  device: "(device IS NOT NULL, ifNull(toString(device), ''))",
  network: "(network IS NOT NULL, ifNull(toString(network), ''))",
  post: "(post IS NOT NULL, ifNull(toString(post), ''))",
} as const

/**
 * SQL of where in `sorted` each bin begins, from 1 on. The lambda looks at what lies side by side and captures nothing:
 * a captured array is copied for each element, which took 8 GiB for an hour of 300,000 views. There is no bin 65535.
 */
const startsOfRuns = `arrayFilter(
          (at, bin, before) -> bin != before,
          arrayEnumerate(sorted), sorted, arrayPopBack(arrayPushFront(sorted, 65535)))`

/** The statement that adds units up. */
function rollup(unit: Unit, due: readonly Due[]): string {
  const { table, period, unitOf } =
    unit === 'hour'
      ? { table: 'hours', period: 'hour', unitOf: cellOfView }
      : { table: 'days', period: 'day', unitOf: `toStartOfDay(${cellOfView})` }
  const periodOf = unit === 'hour' ? 'toStartOfHour(started_at)' : 'toStartOfDay(started_at)'
  // A post's views are few in an hour: its rows would be as many as the views.
  const kinds = Object.entries(slices).filter(([slice]) => unit === 'day' || slice !== 'post')
  const units = due.map(({ site, cell }) => `(${quoted(site)}, toDateTime(${cell}, 'UTC'))`).join(', ')
  const cells = unit === 'hour' ? units : due.flatMap(cellsOfDay).join(', ')
  const generations = due
    .map(({ site, cell, generation }) => `(${quoted(site)}, ${cell}, ${generation})`)
    .join(', ')
  return `
INSERT INTO ${table} (site, slice, known, key, arm, ${period}, cell, generation,
  ${figureNames.join(', ')}, sent_snapshots, received_snapshots,
  ${measureNames.map((measure) => `${measure}_bins, ${measure}_views`).join(', ')})
SELECT added.site, added.slice, added.of.1, added.of.2, added.arm, added.period, added.cell, due.generation,
  ${figureNames.map((figure) => `added.${figure}`).join(', ')}, added.sent_snapshots, added.received_snapshots,
  ${measureNames.map((_, i) => `added.counted[${i + 1}].1, added.counted[${i + 1}].2`).join(', ')}
FROM (
  SELECT site, both.1 AS slice, both.2 AS of, arm, period, cell,
    ${figureNames.map((figure) => `sum(views.${figure}) AS ${figure}`).join(', ')},
    sum(views.sent_snapshots) AS sent_snapshots, sum(views.received_snapshots) AS received_snapshots,
    arrayMap(
      sorted -> (
        arrayCompact(sorted),
        arrayMap(n -> toUInt32(n), arrayPopFront(arrayDifference(arrayPushBack(${startsOfRuns}, length(sorted) + 1))))
      ),
      [${measureNames.map((measure) => `arraySort(groupArray(views.${measure}_bin))`).join(', ')}]
    ) AS counted
  FROM (
    SELECT site, arm, ${periodOf} AS period, ${unitOf} AS cell,
      [${kinds.map(([slice, of]) => `('${slice}', ${of})`).join(', ')}] AS kinds,
      ${figureNames.map((figure) => `${viewFigures[figure]} AS ${figure}`).join(', ')},
      toUInt64(if(known.numbers > 0, sequence, 0)) AS sent_snapshots, known.numbers AS received_snapshots,
      ${measureNames.map((measure) => `${binOf(`(toFloat64(snapshots.${measure}) * ${measures[measure].scale})`)} AS ${measure}_bin`).join(', ')}
    FROM snapshots FINAL
    LEFT JOIN (${numbersOf(`(site, cell) IN (${cells})`)}) AS known
      ON known.of_site = snapshots.site AND known.of_cell = ${cellOfView} AND known.of_hash = ${hashOfView}
    WHERE (site, ${cellOfView}) IN (${cells})
  ) AS views
  ARRAY JOIN kinds AS both
  GROUP BY site, slice, of, arm, period, cell
) AS added
INNER JOIN (
  SELECT tuple.1 AS site, toDateTime(tuple.2, 'UTC') AS cell, tuple.3 AS generation
  FROM (SELECT arrayJoin([${generations}]) AS tuple)
) AS due ON due.site = added.site AND due.cell = added.cell`
}

function cellsOfDay({ site, cell }: Due): string[] {
  return Array.from({ length: 24 }, (_, i) => `(${quoted(site)}, toDateTime(${cell + i * 3600}, 'UTC'))`)
}
