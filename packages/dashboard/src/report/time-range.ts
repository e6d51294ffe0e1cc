import type { Interval } from '../generated/graphql.ts'
import { messages } from '../messages/messages.ts'
import { addDays, dayOf, offsetMinutes } from './local-time.ts'

/** Intervals of the chart. */
export type ChartInterval = Extract<Interval, 'MINUTE' | 'HOUR' | 'DAY'>

/** The relative time ranges of a report, shortest first. All end now; those of days begin with a day of the site. */
export const timeRanges = {
  hour: { ms: 3_600_000, interval: 'MINUTE' },
  day: { ms: 86_400_000, interval: 'HOUR' },
  week: { days: 7, interval: 'HOUR' },
  month: { days: 30, interval: 'DAY' },
  quarter: { days: 90, interval: 'DAY' },
  'this-month': { calendar: 'this-month', interval: 'DAY' },
  'last-month': { calendar: 'last-month', interval: 'DAY' },
  'this-year': { calendar: 'this-year', interval: 'DAY' },
} as const satisfies Record<
  string,
  { interval: ChartInterval; ms?: number; days?: number; calendar?: string }
>

/** The ranges that have a button of their own. The others are beside the dates. */
export const shownRanges = ['hour', 'day', 'week', 'month'] as const satisfies readonly TimeRangeName[]
export const calendarRanges = [
  'this-month',
  'last-month',
  'quarter',
  'this-year',
] as const satisfies readonly TimeRangeName[]

export type TimeRangeName = keyof typeof timeRanges

/** Days of the site from `from` to `to`, both included: `YYYY-MM-DD`. */
export interface DayRange {
  readonly from: string
  readonly to: string
}

/** The time range of a report: relative to now by its name, or fixed days. */
export type TimeRange = TimeRangeName | DayRange

/** The arguments of a report in the graph, one of which has a value, and the interval of its series. */
export interface RangeVariables {
  readonly range: { readonly from: string; readonly to: string } | null
  readonly days: { readonly first: string; readonly last: string } | null
  readonly lastDays: number | null
  readonly interval: ChartInterval
}

/** Up to so many days, a fixed range has a point for each hour. */
const maxDaysOfHours = 8

/** As in the graph. */
const maxDays = 2 * 366

const dayMs = 86_400_000

export function isTimeRangeName(text: string | null): text is TimeRangeName {
  return text !== null && Object.hasOwn(timeRanges, text)
}

/** Parses `range=week` or `from=2026-05-01&to=2026-05-07`. Anything else is the last 24 hours. */
export function parseTimeRange(query: URLSearchParams): TimeRange {
  const days = dayRange(query.get('from') ?? '', query.get('to') ?? '')
  if (days !== null) return days
  const name = query.get('range')
  return isTimeRangeName(name) ? name : 'day'
}

/** Returns the query that {@link parseTimeRange} parses. */
export function formatTimeRange(range: TimeRange): string {
  return String(new URLSearchParams(typeof range === 'string' ? { range } : { ...range }))
}

/** Returns the days from one day to another; null unless both exist, in this order, at most two years apart. */
export function dayRange(from: string, to: string): DayRange | null {
  const length = daysBetween(from, to)
  return length >= 1 && length <= maxDays ? { from, to } : null
}

/** Returns the number of days, both ends included; NaN for a text that is no day. */
function daysBetween(from: string, to: string): number {
  return (dayNumber(to) - dayNumber(from)) / dayMs + 1
}

function dayNumber(text: string): number {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return Number.NaN
  const ms = Date.parse(`${text}T00:00:00Z`)
  // Date changes the 31st of a short month to the next month.
  return Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(text) ? Number.NaN : ms
}

/** Returns the arguments of a report at the time `now`, ms. Its first interval is whole. */
export function rangeVariables(range: TimeRange, now: number, timeZone: string): RangeVariables {
  const none = { range: null, days: null, lastDays: null }
  if (typeof range !== 'string') {
    const interval = daysBetween(range.from, range.to) > maxDaysOfHours ? 'DAY' : 'HOUR'
    return { ...none, days: { first: range.from, last: range.to }, interval }
  }
  const named = timeRanges[range]
  const { interval } = named
  if ('days' in named) return { ...none, lastDays: named.days, interval }
  if ('calendar' in named) {
    const { from, to } = calendarDays(named.calendar, dayOf(now, timeZone))
    return { ...none, days: { first: from, last: to }, interval }
  }
  const step = interval === 'MINUTE' ? 60_000 : 3_600_000
  // The hours of some time zones begin at half past, or at a quarter to.
  const offset = offsetMinutes(now - named.ms, timeZone) * 60_000
  const from = Math.ceil((now - named.ms + offset) / step) * step - offset
  return { ...none, range: { from: new Date(from).toISOString(), to: new Date(now).toISOString() }, interval }
}

/** Returns the arguments of a report at a time `at` that has passed, ms: they stay the same on later days. */
export function rangeVariablesAt(range: TimeRange, at: number, timeZone: string): RangeVariables {
  const days = daysOf(range, dayOf(at, timeZone))
  if (days === null) return rangeVariables(range, at, timeZone)
  const { interval } = rangeVariables(range, at, timeZone)
  return { range: null, lastDays: null, days: { first: days.from, last: days.to }, interval }
}

/** Returns the days of a range; null for a range of hours. `today` is the site's. */
export function daysOf(range: TimeRange, today: string): DayRange | null {
  if (typeof range !== 'string') return range
  const named = timeRanges[range]
  if ('days' in named) return { from: addDays(today, 1 - named.days), to: today }
  return 'calendar' in named ? calendarDays(named.calendar, today) : null
}

function calendarDays(name: 'this-month' | 'last-month' | 'this-year', today: string): DayRange {
  const first = `${today.slice(0, 7)}-01`
  if (name === 'this-month') return { from: first, to: today }
  if (name === 'this-year') return { from: `${today.slice(0, 4)}-01-01`, to: today }
  const last = addDays(first, -1)
  return { from: `${last.slice(0, 7)}-01`, to: last }
}

/** Returns how a sentence names a range, such as `the last 24 hours`. */
export function phraseOf(range: TimeRange): string {
  if (typeof range === 'string') return messages.ranges.phrases[range]
  return range.from === range.to ? range.from : messages.ranges.days(range.from, range.to)
}
