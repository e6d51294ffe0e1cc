import type { Statement } from '../engine/connection.ts'
import { binColumns } from '../model/catalogue/catalogue.ts'
import type { Measure } from '../model/catalogue/metric.ts'
import { selectionFor } from '../model/quantile-of.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { cellOfView } from '../model/view-place.ts'
import { conditionsOf } from '../model/filter.ts'
import { type Condition, condition, dimensionCondition } from '../query/condition.ts'
import { binOf } from './log-bins.ts'
import { day, hour, isWhole, oneOf, start, wholePeriods, within } from './periods.ts'
import { rolledDays, type RollupState, staleCells } from './rollup-state.ts'
import type { Slice } from './slice.ts'

/** SQL of a view's row in `hours`, over a row of `snapshots`. */
const hourOfView = 'toStartOfHour(started_at)'

/** SQL for a query that no rollup answers: a set for WITH, and the condition on the cells of `snapshots` to read. */
export const fromSnapshots = {
  states: `
  marked AS (
    SELECT cell, sum(writes) AS generation FROM marks WHERE site = {site:String} GROUP BY cell
  )`,
  cells: matchesQuery(cellOfView),
} as const

/** Returns SQL of whether a cell may have views of the query. It needs `states` of {@link fromSnapshots}. */
export function matchesQuery(cell: string): string {
  return `${cell} IN (
    SELECT cell FROM marked WHERE (cell, generation) NOT IN (
      SELECT cell, generation FROM rolled FINAL WHERE site = {site:String} AND unit = 'hour')
    UNION ALL
    SELECT cell FROM hours
    PREWHERE site = {site:String} AND slice = 'all'
      AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
  )`
}

/** The key by which a query groups rows: SQL over a row of `hours`, and over a row of `snapshots`. */
export interface RolledKey {
  readonly rolled: string
  readonly viewed: string
}

/** Keys of some rows. */
export interface ChosenKeys {
  /** sipHash64 of each known key, in decimal: a statement names a thousand, whatever their length. */
  readonly hashes: readonly string[]
  /** Whether the unknown key is one of them. */
  readonly isUnknown: boolean
}

export interface RolledQuery {
  readonly query: ReportQuery
  readonly slice: Slice
  readonly key?: RolledKey | undefined
  /** Boundaries of intervals, epoch ms. A period that lies in two intervals is read from the snapshots. */
  readonly boundaries?: readonly number[] | undefined
  /** Only views with one of these keys are read. @default all views */
  readonly only?: ChosenKeys | undefined
}

/** The places from which a query reads its views: each view from exactly one, while the rollups' state does not change. */
export interface Coverage {
  /** The rollups that hold some of the views: SQL for FROM. */
  readonly rollups: readonly { readonly period: 'hour' | 'day'; readonly from: string }[]
  /** The views in no rollup: a condition over `snapshots`, and one over their cell. null: there are none. */
  readonly others: { readonly where: string; readonly isCell: (cell: string) => string } | null
  readonly parameters: Condition['parameters']
}

/** Returns where the views of a query are. After the query, `isUnchanged` says whether that was still so. */
export function coverage(
  { query, slice, key, boundaries = [], only }: RolledQuery,
  state: RollupState,
): Coverage {
  const { where, parameters } = condition(query)
  const hours = wholePeriods(query, boundaries, hour)
  const days = wholePeriods(query, boundaries, day)
  const stale = staleCells(state)
  const rolled = rolledDays(state)
  const isOfDays = (time: string, cell: string): string =>
    `(${within(startOfDay(time), days)} AND ${oneOf(startOfDay(cell), rolled.spans)})`
  // A post has few views in an hour: `hours` would have as many rows by post as there are views.
  const isOfHours = (time: string, cell: string): string =>
    slice === 'post' ? 'false' : `(${within(time, hours)} AND NOT ${oneOf(cell, stale)})`
  // PREWHERE may use only columns of the key, because it runs before FINAL. Without it, the engine reads all columns.
  const rowsOf = (period: 'hour' | 'day', chosen: string, generations: string) => ({
    period,
    from: `${period}s FINAL
  PREWHERE site = {site:String} AND slice = '${slice}' AND ${filterOfRolled(query)} AND ${chosen}${among(key?.rolled, only)}
  WHERE (cell, generation) IN (${generations})`,
  })
  const areDaysAll = rolled.areAll && isWhole(query, days)
  const hasOthers = slice === 'post' ? !areDaysAll : !isWhole(query, hours)

  const rollups: Coverage['rollups'][number][] = []
  if (days.from < days.to && rolled.spans.length > 0) {
    const chosen = `${within('day', days)} AND ${oneOf('cell', rolled.spans)}`
    rollups.push(rowsOf('day', chosen, generationList(rolled.generations)))
  }
  if (slice !== 'post' && hours.from < hours.to && !areDaysAll) {
    const chosen = `${isOfHours('hour', 'cell')} AND NOT ${isOfDays('hour', 'cell')}`
    rollups.push(rowsOf('hour', chosen, rolledHours))
  }
  if (stale.length === 0 && !hasOthers && rollups.length > 0) return { rollups, others: null, parameters }
  const isCell = (cell: string): string => {
    const answered = `${isOfHours('hour', 'cell')} OR ${isOfDays('hour', 'cell')}`
    return `(${oneOf(cell, stale)}${hasOthers ? ` OR ${cell} IN (${cellsWithout(answered)})` : ''})`
  }
  const others = {
    where: `${where}
    AND ${isCell(cellOfView)}
    AND NOT ${isOfHours(hourOfView, cellOfView)}
    AND NOT ${isOfDays(hourOfView, cellOfView)}${among(key?.viewed, only)}`,
    isCell,
  }
  return { rollups, others, parameters }
}

/**
 * Returns SQL of partial aggregates of a query's views: a rollup's row for many views, or one row for a view that no rollup
 * holds. A row has `label`, and a column for each figure and each measure's bins.
 */
export function partialAggregates(rolledQuery: RolledQuery, state: RollupState): Statement {
  const { rollups, others, parameters } = coverage(rolledQuery, state)
  const { query, key } = rolledQuery
  const { figures, measures: selected } = selectionFor(query)
  // Two percentiles of one measured value share its columns.
  const measures = [...new Map(selected.map((measure) => [measure.name, measure])).values()]
  const sql = rollups.map(
    ({ period, from }) => `
  SELECT ${key === undefined ? '' : `${key.rolled.replaceAll('period', period)} AS label,`}
    ${[...figures.map(({ name }) => name), ...measures.flatMap(binColumns)].join(', ')}
  FROM ${from}`,
  )
  if (others !== null)
    sql.push(`
  SELECT
    ${key === undefined ? '' : `${key.viewed} AS label,`}
    ${[...figures.map(({ name, ofView }) => `${ofView} AS ${name}`), ...measures.map(binsOfView)].join(',\n    ')}
  FROM snapshots FINAL
  WHERE ${others.where}`)
  return { sql: sql.join('\n  UNION ALL'), parameters }
}

/** Returns SQL that adds to a condition that a view's key is among these. */
export function among(key: string | undefined, chosen: ChosenKeys | undefined): string {
  if (key === undefined || chosen === undefined) return ''
  const { hashes, isUnknown } = chosen
  const parts = [
    ...(hashes.length === 0 ? [] : [`sipHash64(${key}) IN (${hashes.join(', ')})`]),
    ...(isUnknown ? [`${key} IS NULL`] : []),
  ]
  return ` AND (${parts.length === 0 ? 'false' : parts.join(' OR ')})`
}

const startOfDay = (time: string): string => `toStartOfDay(${time})`

const rolledHours = "SELECT cell, generation FROM rolled FINAL WHERE site = {site:String} AND unit = 'hour'"

/** Returns SQL of a list of starts with their generations. Reading them from `rolled` again takes the engine 7 ms. */
const generationList = (generations: readonly (readonly [number, number])[]): string =>
  generations.map(([of, generation]) => `(${start(of)}, ${generation})`).join(', ')

/** Returns SQL of the cells with a view in the range for which `answered`, over a row of `hours`, is false. */
function cellsWithout(answered: string): string {
  return `
    SELECT cell FROM hours
    PREWHERE site = {site:String} AND slice = 'all'
      AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
      AND NOT (${answered})`
}

/** Returns SQL of a view's own bins: one bin with one view, or none if the view did not measure the value. */
function binsOfView(measure: Measure): string {
  const value = `toFloat64(snapshots.${measure.name}) * ${measure.scale}`
  const isKnown = `snapshots.${measure.name} IS NOT NULL`
  const [bins, views] = binColumns(measure)
  return `if(${isKnown}, [assumeNotNull(${binOf(value)})], []) AS ${bins},
    if(${isKnown}, [toUInt32(1)], []) AS ${views}`
}

/** Returns SQL of the query's filter over a rollup's row of a slice that has all its dimensions. */
function filterOfRolled({ filter }: ReportQuery): string {
  const conditions = conditionsOf(filter).map((part, i) => {
    const sql = part.by === 'arm' ? { value: 'arm', isKnown: 'true' } : { value: 'key', isKnown: 'known' }
    // The parameters are those of `filterCondition`.
    return dimensionCondition(part, { ...sql, prefix: `filter${i}` }).where
  })
  return ['true', ...conditions].join(' AND ')
}
