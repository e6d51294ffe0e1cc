import type { Site } from '@peerpress/registry'
import {
  type Dimension,
  type DimensionFilter,
  dimensions,
  type MetricPath,
  metricPaths,
  rangeNames,
  type RowOrder,
} from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { rangeFactor, rowsCost, work } from '../limits/work.ts'
import { parseDateTime } from '../schema/scalars.ts'
import { nameOfMetric } from '../types/enums.ts'
import { queryFor, type SiteReportQuery } from '../types/report-query.ts'

/** The parameters of a report's URL: a repeated one has a list. */
export type UrlParameters = Readonly<Record<string, unknown>>

/** What a report's URL requests. */
export interface ReportRequest {
  readonly query: SiteReportQuery
  readonly metrics: readonly MetricPath[]
  /** None: one row of all views. */
  readonly by: readonly Dimension[]
  readonly first: number
  readonly order: RowOrder | undefined
}

/** Maximum number of rows of a file. */
const maxRows = 1000

const metricsByName = new Map(metricPaths.map((path) => [nameOfMetric(path), path]))

/**
 * Reads the parameters of a report's URL: `period`, or `from` and `to` (both days, or both moments), `by`, `metrics`,
 * `orderBy`, `order`, `first`, and for each dimension `country`, `not.country` and `unknown.country`.
 * @throws {ApiError} `BAD_USER_INPUT`
 */
export function reportRequest(site: Pick<Site, 'id' | 'timeZone'>, parameters: UrlParameters): ReportRequest {
  const known = new Set(['period', 'from', 'to', 'by', 'metrics', 'orderBy', 'order', 'first'])
  const where: DimensionFilter[] = []
  for (const [name, value] of Object.entries(parameters)) {
    if (!known.has(name)) where.push(conditionOf(name, textsOf(name, value)))
  }
  const one = (name: string) => {
    const texts = parameters[name] === undefined ? [] : textsOf(name, parameters[name])
    if (texts.length > 1) throw refusal(`${name} is given twice`)
    return texts[0]
  }
  const list = (name: string) => one(name)?.split(',') ?? []
  const query = queryFor(site, { ...rangeOf(one('period'), one('from'), one('to')), filter: {} })
  const metrics = list('metrics').map(metricOf)
  // Each has columns of its own, and a short name many of them.
  if (new Set(metrics).size < metrics.length) throw refusal('metrics has one of them twice')
  const orderBy = one('orderBy')
  const rows = one('first') ?? String(maxRows)
  const first = /^\d{1,4}$/.test(rows) ? Number(rows) : 0
  if (first < 1 || first > maxRows) throw refusal(`first is 1 to ${maxRows}`)
  const direction = (one('order') ?? 'DESC').toLowerCase()
  if (direction !== 'asc' && direction !== 'desc') throw refusal('order is ASC or DESC')
  return {
    query: { ...query, filter: { where } },
    metrics: metrics.length === 0 ? metricPaths : metrics,
    by: list('by').map(dimensionOf),
    first,
    order: orderBy === undefined ? undefined : { metric: metricOf(orderBy), direction },
  }
}

/** Returns the maximum cost of a report's file, as the graph counts the same report. */
export function reportCost({ query, by, first }: ReportRequest): number {
  const cost = by.length === 0 ? work.query : rowsCost({ by, first })
  return cost * rangeFactor(query)
}

function refusal(text: string): ApiError {
  return new ApiError('BAD_USER_INPUT', `The report makes no sense: ${text}.`)
}

function textsOf(name: string, value: unknown): string[] {
  const texts: unknown[] = Array.isArray(value) ? value : [value]
  return texts.map((text) => {
    if (typeof text !== 'string' || !text.isWellFormed() || text.includes('\0')) {
      throw refusal(`${name} is no text`)
    }
    return text
  })
}

function conditionOf(name: string, values: readonly string[]): DimensionFilter {
  const dot = name.indexOf('.')
  const [kind, of] = dot === -1 ? ['in', name] : [name.slice(0, dot), name.slice(dot + 1)]
  const by = dimensionOf(of)
  if (kind === 'in') return { by, in: values }
  if (kind === 'not') return { by, not: values }
  const [value] = values
  if (kind === 'unknown' && (value === 'true' || value === 'false'))
    return { by, isUnknown: value === 'true' }
  throw refusal(`there is no parameter ${name}`)
}

function dimensionOf(name: string): Dimension {
  const found = dimensions.find((dimension) => dimension === name.toLowerCase())
  if (found === undefined) throw refusal(`there is no parameter or dimension ${name.slice(0, 60)}`)
  return found
}

function metricOf(name: string): MetricPath {
  const found = metricsByName.get(name.toUpperCase())
  if (found === undefined) throw refusal(`there is no metric ${name.slice(0, 60)}`)
  return found
}

const day = /^\d{4}-\d\d-\d\d$/

function rangeOf(
  period: string | undefined,
  from: string | undefined,
  to: string | undefined,
): Omit<Parameters<typeof queryFor>[1], 'filter'> {
  if (period !== undefined) {
    const name = rangeNames.find((each) => each === period.toLowerCase())
    if (name === undefined || from !== undefined || to !== undefined) {
      throw refusal('give one period such as LAST_30_DAYS, or from and to')
    }
    return { period: name }
  }
  if (from === undefined || to === undefined) {
    throw refusal('give a period such as LAST_30_DAYS, or from and to: two days, or two moments')
  }
  if (day.test(from) && day.test(to)) return { days: { first: from, last: to } }
  return { range: { from: parseDateTime(from), to: parseDateTime(to) } }
}
