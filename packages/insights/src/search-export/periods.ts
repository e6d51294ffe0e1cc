import type { SearchPeriod } from '@peerpress/registry'
import { InsightsError } from '../insights-error.ts'

const dayMs = 86_400_000

/** The days that the two exports should have: the last 4 weeks, and the 24 weeks before. */
const recentDays = { least: 21, wanted: 28, most: 35 } as const
const earlierDays = { least: 84, wanted: 168, most: 190 } as const
/** Maximum number of days between the two. */
const maxGap = 7

/** Returns the number of days of a period. */
export function dayCount({ firstDay, lastDay }: SearchPeriod): number {
  return (Date.parse(lastDay) - Date.parse(firstDay)) / dayMs + 1
}

/** Returns whether two exports are of days that can be compared. */
export function areComparable(recent: SearchPeriod, earlier: SearchPeriod): boolean {
  const gap = (Date.parse(recent.firstDay) - Date.parse(earlier.lastDay)) / dayMs - 1
  return isOf(recent, recentDays) && isOf(earlier, earlierDays) && gap >= 0 && gap <= maxGap
}

function isOf(period: SearchPeriod, { least, most }: { readonly least: number; readonly most: number }) {
  const days = dayCount(period)
  return days >= least && days <= most
}

/**
 * Refuses exports of other days than those that are compared.
 * @throws {InsightsError} `bad-period`, with the days to export
 */
export function requireComparable(recent: SearchPeriod, earlier: SearchPeriod): void {
  if (!isOf(recent, recentDays)) {
    throw new InsightsError(
      'bad-period',
      `The recent export is of ${textOf(recent)}: export the last ${recentDays.wanted} days.`,
    )
  }
  if (areComparable(recent, earlier)) return
  const before = (days: number) =>
    new Date(Date.parse(recent.firstDay) - days * dayMs).toISOString().slice(0, 10)
  throw new InsightsError(
    'bad-period',
    `The earlier export is of ${textOf(earlier)}: export the ${earlierDays.wanted} days before the recent one, ` +
      `${before(earlierDays.wanted)} to ${before(1)}.`,
  )
}

function textOf(period: SearchPeriod): string {
  return `${period.firstDay} to ${period.lastDay} (${dayCount(period)} days)`
}
