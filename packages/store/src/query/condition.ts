import type { Parameters } from '../engine/connection.ts'
import { conditionsOf } from '../model/filter.ts'
import type { Dimension, DimensionFilter, ReportQuery } from '../model/report-query.ts'
import { StoreError } from '../store-error.ts'
import { rowTime } from '../model/view-row.ts'

/** A condition over rows of `snapshots` in SQL, with the values of its parameters. */
export interface Condition {
  readonly where: string
  readonly parameters: Parameters
}

/** Returns the condition that selects a query's views. */
export function condition(query: ReportQuery): Condition {
  const range = rangeCondition(query)
  const filter = filterCondition(query)
  return {
    where: `${range.where} AND ${filter.where}`,
    parameters: { ...range.parameters, ...filter.parameters },
  }
}

/**
 * Returns the condition that selects the views of a query's site and range.
 * @throws {StoreError} `bad-query`
 */
export function rangeCondition(query: ReportQuery): Condition {
  return {
    where: `site = {site:String}
    AND started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}`,
    parameters: rangeParameters(query),
  }
}

/**
 * Returns a query's `site`, `from` and `to` as parameters.
 * @throws {StoreError} `bad-query`
 */
export function rangeParameters({ site, from, to }: ReportQuery): Parameters {
  const start = from.getTime()
  const end = to.getTime()
  if (!(start >= 0 && start < end && end < maxTime)) {
    throw new StoreError('bad-query', 'the range must end after it begins, between 1970 and 2100')
  }
  return { site, from: rowTime(start), to: rowTime(end) }
}

/**
 * Returns the condition of a query's filter.
 * @param valueOf SQL of a dimension's value, which is NULL if it is unknown
 * @throws {StoreError} `bad-query`
 */
export function filterCondition(
  { filter }: Pick<ReportQuery, 'filter'>,
  valueOf: (by: Dimension) => string = (by) => by,
): Condition {
  const parts = conditionsOf(filter).map((part, i) =>
    dimensionCondition(part, {
      value: valueOf(part.by),
      isKnown: `${valueOf(part.by)} IS NOT NULL`,
      prefix: `filter${i}`,
    }),
  )
  return {
    where: ['true', ...parts.map(({ where }) => where)].join(' AND '),
    parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)) as Parameters,
  }
}

/** SQL that a condition on a dimension is about. */
interface ConditionSql {
  readonly value: string
  /** Whether the value is known. */
  readonly isKnown: string
  /** Begins the names of its parameters. */
  readonly prefix: string
}

/** Returns the condition on one dimension. It is never NULL, so that its negation selects all other views. */
export function dimensionCondition(
  { eq, in: among, not, isUnknown }: DimensionFilter,
  { value, isKnown, prefix }: ConditionSql,
): Condition {
  const parameters: Record<string, string> = {}
  const list = (name: string, values: readonly string[]) => {
    const names = values.map((text, i) => {
      parameters[`${prefix}_${name}${i}`] = text
      return `{${prefix}_${name}${i}:String}`
    })
    return `(${isKnown} AND ifNull(toString(${value}) IN (${names.join(', ')}), false))`
  }
  const conditions = [
    ...(eq === undefined ? [] : [list('eq', [eq])]),
    ...(among === undefined ? [] : [list('in', among)]),
    ...(not === undefined ? [] : [`NOT ${list('not', not)}`]),
    ...(isUnknown === undefined ? [] : [isUnknown ? `NOT (${isKnown})` : `(${isKnown})`]),
  ]
  return { where: `(${conditions.join(' AND ')})`, parameters }
}

const maxTime = Date.UTC(2100, 0, 1)
