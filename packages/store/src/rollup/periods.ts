import type { ReportQuery } from '../model/report-query.ts'

/** The starts of the first and the last of cells, or of days, that follow each other; epoch s. */
export type Span = readonly [first: number, last: number]

export const hour = 3_600_000
export const day = 24 * hour

/** Periods that lie in one interval as a whole, epoch ms: from `from` until `to`, except the periods in `split`. */
export interface WholePeriods {
  readonly from: number
  readonly to: number
  readonly split: readonly number[]
}

/** Returns the hours or days (`length` ms) that lie in a query's range, and in one of its intervals, as a whole. */
export function wholePeriods(
  { from, to }: ReportQuery,
  boundaries: readonly number[],
  length: number,
): WholePeriods {
  const split = boundaries.filter((at) => at % length !== 0).map((at) => at - (at % length))
  return {
    from: Math.ceil(from.getTime() / length) * length,
    to: Math.floor(to.getTime() / length) * length,
    split: [...new Set(split)],
  }
}

/** Returns whether these periods are all of the query's range. */
export function isWhole(query: ReportQuery, { from, to, split }: WholePeriods): boolean {
  return from === query.from.getTime() && to === query.to.getTime() && split.length === 0
}

/** Returns SQL of whether `time` is the start of one of these periods. */
export function within(time: string, { from, to, split }: WholePeriods): string {
  if (from >= to) return 'false'
  const whole =
    split.length === 0
      ? ''
      : ` AND toUnixTimestamp(${time}) NOT IN (${split.map((ms) => ms / 1000).join(', ')})`
  return `(${time} >= ${start(from / 1000)} AND ${time} < ${start(to / 1000)}${whole})`
}

/** Returns SQL of whether a start is in one of these spans. */
export function oneOf(time: string, spans: readonly Span[]): string {
  const each = spans.map(([first, last]) => `${time} >= ${start(first)} AND ${time} <= ${start(last)}`)
  return each.length === 0 ? 'false' : `(${each.join(' OR ')})`
}

/** Returns SQL of a moment, epoch s. */
export const start = (seconds: number): string => `toDateTime(${seconds}, 'UTC')`
