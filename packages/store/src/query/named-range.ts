import { Temporal } from 'temporal-polyfill'
import { StoreError } from '../store-error.ts'
import { type Days, rangeOfDays } from './day-range.ts'
import { localTime } from './intervals.ts'

/** Names of ranges of whole days. Those that do not begin with `last` a calendar unit end with today. */
export const rangeNames = [
  'today',
  'yesterday',
  'last_7_days',
  'last_28_days',
  'last_30_days',
  'last_90_days',
  'last_365_days',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
  'this_quarter',
  'last_quarter',
  'this_year',
  'last_year',
] as const
export type RangeName = (typeof rangeNames)[number]

/**
 * Returns the days of a named range at a moment. Weeks begin on Monday.
 * @throws {StoreError} `bad-query` for an unknown name or time zone
 */
export function daysNamed(name: RangeName, now: Date, timeZone: string): Days {
  const today = localTime(now, timeZone).toPlainDate()
  const [first, last] = bounds(name, today)
  return { first: first.toString(), last: last.toString(), timeZone }
}

function bounds(
  name: RangeName,
  today: Temporal.PlainDate,
): readonly [Temporal.PlainDate, Temporal.PlainDate] {
  const days = /^last_(\d+)_days$/.exec(name)?.[1]
  if (days !== undefined) return [today.subtract({ days: Number(days) - 1 }), today]
  if (name === 'today') return [today, today]
  if (name === 'yesterday') return [today.subtract({ days: 1 }), today.subtract({ days: 1 })]
  const [which, unit = ''] = name.split('_')
  const length = lengths[unit]
  if (length === undefined) throw new StoreError('bad-query', `no range ${JSON.stringify(name)}`)
  const start = startOf(unit, today)
  return which === 'this' ? [start, today] : [start.subtract(length), start.subtract({ days: 1 })]
}

const lengths: Readonly<Record<string, Temporal.DurationLike>> = {
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
  year: { years: 1 },
}

function startOf(unit: string, today: Temporal.PlainDate): Temporal.PlainDate {
  if (unit === 'week') return today.subtract({ days: today.dayOfWeek - 1 })
  if (unit === 'month') return today.with({ day: 1 })
  if (unit === 'quarter') return today.with({ day: 1, month: today.month - ((today.month - 1) % 3) })
  return today.with({ day: 1, month: 1 })
}

/** A range of time. */
interface Range {
  readonly from: Date
  readonly to: Date
}

/**
 * Returns the range of the same length right before a range. Of whole local days it has as many days, so that a day with a
 * change of clocks shifts nothing.
 */
export function previousRange({ from, to }: Range, timeZone: string): Range {
  const [start, end] = [localTime(from, timeZone), localTime(to, timeZone)]
  const isWhole = [start, end].every((at) => at.equals(at.startOfDay()))
  if (!isWhole) return { from: new Date(2 * from.getTime() - to.getTime()), to: from }
  const { days } = start.toPlainDate().until(end.toPlainDate(), { largestUnit: 'days' })
  const first = start.toPlainDate().subtract({ days })
  return rangeOfDays({
    first: first.toString(),
    last: start.toPlainDate().subtract({ days: 1 }).toString(),
    timeZone,
  })
}

/** Returns the same range of the year before. February 29th becomes the 28th. */
export function rangeLastYear({ from, to }: Range, timeZone: string): Range {
  const yearBefore = (at: Date) => new Date(localTime(at, timeZone).subtract({ years: 1 }).epochMilliseconds)
  return { from: yearBefore(from), to: yearBefore(to) }
}
