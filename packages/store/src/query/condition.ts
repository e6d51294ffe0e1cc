import type { Parameters } from '../engine/connection.ts'
import type { Question } from '../model/report-query.ts'
import { StoreError } from '../store-error.ts'
import { rowTime } from '../model/view-row.ts'

/** SQL over rows of `snapshots`, and what its parameters stand for. */
export interface Condition {
  readonly where: string
  readonly parameters: Parameters
}

/** Which views a question is about. */
export function condition(question: Question): Condition {
  const range = rangeCondition(question)
  const filter = filterCondition(question)
  return {
    where: `${range.where} AND ${filter.where}`,
    parameters: { ...range.parameters, ...filter.parameters },
  }
}

/**
 * Which views are of the question's site and range.
 * @throws {StoreError} `bad-question`
 */
export function rangeCondition(question: Question): Condition {
  return {
    where: `site = {site:String}
    AND started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}`,
    parameters: rangeParameters(question),
  }
}

/**
 * A question's `site`, `from` and `to` as parameters.
 * @throws {StoreError} `bad-question`
 */
export function rangeParameters({ site, from, to }: Question): Parameters {
  const start = from.getTime()
  const end = to.getTime()
  if (!(start >= 0 && start < end && end < maxTime)) {
    throw new StoreError('bad-question', 'the range must end after it begins, between 1970 and 2100')
  }
  return { site, from: rowTime(start), to: rowTime(end) }
}

/** Which views the question's filter chooses. */
export function filterCondition({ filter = {} }: Question): Condition {
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
