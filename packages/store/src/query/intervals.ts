import { Temporal } from 'temporal-polyfill'
import { type Interval, maxSeriesPoints, type ReportQuery } from '../model/report-query.ts'
import { StoreError } from '../store-error.ts'

/** Minimum length, ms: days and longer intervals vary. */
const shortest: Readonly<Record<Interval, number>> = {
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 23 * 3_600_000,
  WEEK: 167 * 3_600_000,
  MONTH: 28 * 23 * 3_600_000,
}

/**
 * Returns the starts of the intervals that overlap a query's range, and the end of the last one: epoch ms, rising. Days, weeks
 * (from Monday) and months follow the time zone's calendar and its clock changes. Hours begin at the time zone's full hours.
 * @param timeZone of the IANA database
 * @throws {StoreError} `bad-query` for an unknown time zone, and for more than {@link maxSeriesPoints} intervals
 */
export function boundariesOf({ from, to }: ReportQuery, interval: Interval, timeZone: string): number[] {
  const shortestMs = shortest[interval]
  if (shortestMs === undefined) throw new StoreError('bad-query', `no interval ${interval}`)
  const points = Math.floor((to.getTime() - from.getTime()) / shortestMs)
  if (points > maxSeriesPoints) {
    throw new StoreError('bad-query', `${points} points, at most ${maxSeriesPoints} are answered`)
  }
  const start = localTime(from, timeZone)
  const boundaries: number[] = []
  for (const at of starts(start, interval)) {
    boundaries.push(at)
    if (at >= to.getTime()) return boundaries
  }
  return boundaries
}

/**
 * Returns a moment on a time zone's calendar and clock.
 * @throws {StoreError} `bad-query` for an unknown time zone
 */
export function localTime(at: Date, timeZone: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone)
  } catch (cause) {
    throw new StoreError('bad-query', `no time zone ${timeZone}`, { cause })
  }
}

function* starts(from: Temporal.ZonedDateTime, interval: Interval): Generator<number> {
  if (interval === 'MINUTE' || interval === 'HOUR') {
    const smallestUnit = interval === 'MINUTE' ? 'minute' : 'hour'
    const first = from.round({ smallestUnit, roundingMode: 'floor' }).epochMilliseconds
    for (let i = 0; ; i++) yield first + i * shortest[interval]
  }
  const date = from.toPlainDate()
  const first =
    interval === 'DAY'
      ? date
      : interval === 'WEEK'
        ? date.subtract({ days: date.dayOfWeek - 1 })
        : date.with({ day: 1 })
  for (let i = 0; ; i++) {
    const length = interval === 'DAY' ? { days: i } : interval === 'WEEK' ? { weeks: i } : { months: i }
    // The first moment of the day: if clocks go forward at midnight, that is 1 o'clock.
    yield first.add(length).toZonedDateTime(from.timeZoneId).epochMilliseconds
  }
}
