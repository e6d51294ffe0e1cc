import { Temporal } from 'temporal-polyfill'
import { StoreError } from '../store-error.ts'
import { localTime } from './intervals.ts'

/** Whole days of a time zone. */
export interface Days {
  /** The first day, `YYYY-MM-DD`. */
  readonly first: string
  /** The last day, which is in the range, too. */
  readonly last: string
  /** Of the IANA database. */
  readonly timeZone: string
}

const dayPattern = /^\d{4}-\d\d-\d\d$/

/**
 * Returns the moments from the start of the first day to the end of the last one. A day on which clocks change has 23 or 25
 * hours; one that begins when clocks go forward begins at the first moment that exists.
 * @throws {StoreError} `bad-query` for a text that is no day, days in the wrong order, and an unknown time zone
 */
export function rangeOfDays({ first, last, timeZone }: Days): { readonly from: Date; readonly to: Date } {
  const from = startOf(first, 0, timeZone)
  const to = startOf(last, 1, timeZone)
  if (from >= to) throw new StoreError('bad-query', `the day ${last} is before ${first}`)
  return { from, to }
}

/**
 * Returns the days that end with the day of a moment.
 * @param count how many days, that day included
 * @throws {StoreError} `bad-query` for an unknown time zone, and unless `count` is a whole number from 1
 */
export function daysUntil(now: Date, count: number, timeZone: string): Days {
  if (!Number.isInteger(count) || count < 1)
    throw new StoreError('bad-query', `${count} is no number of days`)
  const last = localTime(now, timeZone).toPlainDate()
  return { first: last.subtract({ days: count - 1 }).toString(), last: last.toString(), timeZone }
}

function startOf(text: string, laterDays: number, timeZone: string): Date {
  const day = plainDay(text).add({ days: laterDays })
  try {
    return new Date(day.toZonedDateTime(timeZone).epochMilliseconds)
  } catch (cause) {
    throw new StoreError('bad-query', `no time zone ${timeZone}`, { cause })
  }
}

function plainDay(text: string): Temporal.PlainDate {
  try {
    if (dayPattern.test(text)) return Temporal.PlainDate.from(text, { overflow: 'reject' })
  } catch {
    // A day such as February 30th is refused below, too.
  }
  throw new StoreError('bad-query', `not a day such as 2026-05-01: ${JSON.stringify(text.slice(0, 20))}`)
}
