import type { Parameters } from '../engine/connection.ts'
import type { ReportQuery } from '../model/report-query.ts'
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

/** Returns the condition of a query's filter. */
export function filterCondition({ filter = {} }: ReportQuery): Condition {
  const parameters: Record<string, string> = {}
  const conditions = ['true']
  for (const column of ['post', 'country', 'subdivision', 'network', 'arm', 'device'] as const) {
    const value = filter[column]
    if (value === undefined) continue
    conditions.push(`${column} = {${column}:String}`)
    parameters[column] = value
  }
  return { where: conditions.join(' AND '), parameters }
}

const maxTime = Date.UTC(2100, 0, 1)
