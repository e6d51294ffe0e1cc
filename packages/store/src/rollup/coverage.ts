import { askedParts } from '../model/asked-parts.ts'
import { type Condition, condition } from '../query/condition.ts'
import type { ReportQuery } from '../model/report-query.ts'
import { type Measure, measures } from '../model/measures.ts'
import { viewFigures } from '../model/view-figures.ts'
import { cellOfView } from '../model/view-place.ts'
import type { Statement } from './rollups-or-views.ts'
import { binOf } from './log-bins.ts'
import { daysAddedUp, type Known, staleCells } from './rollup-state.ts'
import { day, hour, isWhole, oneOf, start, wholePeriods, within } from './periods.ts'

/** What a rollup's rows are told apart by, beside arm and time. */
export type Slice = 'all' | 'country' | 'device' | 'network' | 'post'

/** SQL of when a view was read, as a row of `hours` tells it, from a row of `snapshots`. */
const hourOfView = 'toStartOfHour(started_at)'

/** What is read of `snapshots` for a query that no rollup answers: a set to put after WITH, and a condition. */
export const fromSnapshots = {
  states: `
  marked AS (
    SELECT cell, sum(writes) AS generation FROM marks WHERE site = {site:String} GROUP BY cell
  )`,
  cells: matchesQuery(cellOfView),
} as const

/** SQL of whether a cell may have views of the query; `states` of {@link fromSnapshots} must be there. */
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

/** What the rows of a rolled query are grouped by: SQL over a row of `hours` and over one of `snapshots`. */
export interface RolledKey {
  readonly rolled: string
  readonly viewed: string
}

export interface RolledQuery {
  readonly query: ReportQuery
  readonly slice: Slice
  readonly key?: RolledKey | undefined
  /** Ends of intervals, epoch ms: a period that lies in two of them is read from the snapshots. */
  readonly boundaries?: readonly number[] | undefined
}

/** Where the views of a query are: each in exactly one place, as long as rollups know what they are said to know. */
export interface Coverage {
  /** The rollups that have some of them: what stands after FROM to read those. */
  readonly rollups: readonly { readonly period: 'hour' | 'day'; readonly from: string }[]
  /** The views that none has: a condition over `snapshots`, and one over the cell that they are in. Null: there are none. */
  readonly others: { readonly where: string; readonly isCell: (cell: string) => string } | null
  readonly parameters: Condition['parameters']
}

/** Where the views of a query are; `isStill` tells afterwards whether they were there. */
export function coverage({ query, slice, boundaries = [] }: RolledQuery, known: Known): Coverage {
  const { where, parameters } = condition(query)
  const hours = wholePeriods(query, boundaries, hour)
  const days = wholePeriods(query, boundaries, day)
  const stale = staleCells(known)
  const addedUp = daysAddedUp(known)
  const isOfDays = (time: string, cell: string): string =>
    `(${within(startOfDay(time), days)} AND ${oneOf(startOfDay(cell), addedUp.spans)})`
  // A post's views are few in an hour: rows of that kind would be as many as the views.
  const isOfHours = (time: string, cell: string): string =>
    slice === 'post' ? 'false' : `(${within(time, hours)} AND NOT ${oneOf(cell, stale)})`
  // Only columns of the key may be asked before FINAL has chosen, and they are: without it, all columns are read.
  const rowsOf = (period: 'hour' | 'day', chosen: string, generations: string) => ({
    period,
    from: `${period}s FINAL
  PREWHERE site = {site:String} AND slice = '${slice}' AND ${filterOfRolled(query, slice)} AND ${chosen}
  WHERE (cell, generation) IN (${generations})`,
  })
  const areDaysAll = addedUp.areAll && isWhole(query, days)
  const hasOthers = slice === 'post' ? !areDaysAll : !isWhole(query, hours)

  const rollups: Coverage['rollups'][number][] = []
  if (days.from < days.to && addedUp.spans.length > 0) {
    const chosen = `${within('day', days)} AND ${oneOf('cell', addedUp.spans)}`
    rollups.push(rowsOf('day', chosen, written(addedUp.generations)))
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
    AND NOT ${isOfDays(hourOfView, cellOfView)}`,
    isCell,
  }
  return { rollups, others, parameters }
}

/**
 * SQL of the views of a query, one row for many where rollups know them and one row each where they do not: with a
 * column for each figure and each measure's bins, and `label`.
 */
export function pieces(asked: RolledQuery, known: Known): Statement {
  const { rollups, others, parameters } = coverage(asked, known)
  const { query, key } = asked
  const { figures, measures: measured } = askedParts(query)
  const sql = rollups.map(
    ({ period, from }) => `
  SELECT ${key === undefined ? '' : `${key.rolled.replaceAll('period', period)} AS label,`}
    ${[...figures, ...measured.map((measure) => `${measure}_bins, ${measure}_views`)].join(', ')}
  FROM ${from}`,
  )
  if (others !== null)
    sql.push(`
  SELECT
    ${key === undefined ? '' : `${key.viewed} AS label,`}
    ${[...figures.map((figure) => `${viewFigures[figure]} AS ${figure}`), ...measured.map(binsOfView)].join(',\n    ')}
  FROM snapshots FINAL
  WHERE ${others.where}`)
  return { sql: sql.join('\n  UNION ALL'), parameters }
}

const startOfDay = (time: string): string => `toStartOfDay(${time})`

const rolledHours = "SELECT cell, generation FROM rolled FINAL WHERE site = {site:String} AND unit = 'hour'"

/** SQL of a list of starts with their generations: to read them of `rolled` again takes the engine 7 ms. */
const written = (generations: readonly (readonly [number, number])[]): string =>
  generations.map(([of, generation]) => `(${start(of)}, ${generation})`).join(', ')

/** SQL of the cells with a view in the range of which this, over a row of `hours`, is not so. */
function cellsWithout(answered: string): string {
  return `
    SELECT cell FROM hours
    PREWHERE site = {site:String} AND slice = 'all'
      AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
      AND NOT (${answered})`
}

/** A view's own bins: one of one view, or none where it measured nothing. */
function binsOfView(measure: Measure): string {
  const value = `toFloat64(snapshots.${measure}) * ${measures[measure].scale}`
  const isKnown = `snapshots.${measure} IS NOT NULL`
  return `if(${isKnown}, [assumeNotNull(${binOf(value)})], []) AS ${measure}_bins,
    if(${isKnown}, [toUInt32(1)], []) AS ${measure}_views`
}

/** The query's filter over a row of a rollup of that slice. */
function filterOfRolled({ filter = {} }: ReportQuery, slice: Slice): string {
  const conditions = ['true']
  if (filter.arm !== undefined) conditions.push('arm = {arm:String}')
  if (slice !== 'all' && filter[slice] !== undefined) conditions.push(`known AND key = {${slice}:String}`)
  return conditions.join(' AND ')
}
