import { addDays, dayOf, startOfDay } from './local-time.ts'
import { type DayRange, dayRange, daysOf, type TimeRange, timeRanges } from './time-range.ts'

/** What a report is compared with: the range before it, the same days a year earlier, chosen days, or nothing. */
export type Comparison = 'previous' | 'year' | 'none' | DayRange

/** Parses `compare=year` or `compare=2026-04-01..2026-04-30`. Anything else is the previous range. */
export function parseComparison(text: string | null): Comparison {
  if (text === 'year' || text === 'none') return text
  const [from = '', to = ''] = (text ?? '').split('..')
  return dayRange(from, to) ?? 'previous'
}

/** Returns the text that {@link parseComparison} parses; null for the previous range. */
export function formatComparison(comparison: Comparison): string | null {
  if (comparison === 'previous') return null
  return typeof comparison === 'string' ? comparison : `${comparison.from}..${comparison.to}`
}

/** A range of instants, RFC 3339. */
export interface Instants {
  readonly from: string
  readonly to: string
}

/**
 * Returns the range that a report at the time `now`, ms, is compared with; null: nothing. A report that has not ended yet is
 * compared with as much of the other range as has passed of its own, so that a day that has just begun is no loss.
 */
export function comparedRange(
  { range, compare }: { readonly range: TimeRange; readonly compare: Comparison },
  now: number,
  timeZone: string,
): Instants | null {
  if (compare === 'none') return null
  const instants = (from: number, to: number) => ({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  })
  if (typeof compare !== 'string') {
    return instants(startOfDay(compare.from, timeZone), startOfDay(addDays(compare.to, 1), timeZone))
  }
  const days = daysOf(range, dayOf(now, timeZone))
  if (days === null) {
    const { ms } = timeRanges[range as 'hour' | 'day']
    const back = compare === 'year' ? 364 * 86_400_000 : ms
    return instants(now - ms - back, now - back)
  }
  const start = startOfDay(days.from, timeZone)
  const end = startOfDay(addDays(days.to, 1), timeZone)
  const passed = Math.max(60_000, Math.min(end, now) - start)
  const first = compare === 'year' ? yearBefore(days.from) : addDays(days.from, -lengthOf(days))
  const from = startOfDay(first, timeZone)
  return instants(from, from + passed)
}

function lengthOf({ from, to }: DayRange): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1
}

/** The 29th of February has the 28th before it. */
function yearBefore(day: string): string {
  const earlier = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`
  return earlier.endsWith('-02-29') ? `${earlier.slice(0, 4)}-02-28` : earlier
}
