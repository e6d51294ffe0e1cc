import type { ReportCadence, SearchPeriod } from '@peerpress/registry'
import { daysUntil } from '@peerpress/store'

const dayMs = 86_400_000

/** A period that is over, and the one before it. */
export interface ReportPeriod extends SearchPeriod {
  readonly before: SearchPeriod
}

/** Returns the last week (from Monday) or month that was over at a moment, in a time zone. */
export function lastPeriod(cadence: ReportCadence, timeZone: string, now: Date): ReportPeriod {
  const today = daysUntil(now, 1, timeZone).last
  return cadence === 'weekly' ? lastWeek(today) : lastMonth(today)
}

function lastWeek(today: string): ReportPeriod {
  // Sunday is 0.
  const sinceMonday = (new Date(today).getUTCDay() + 6) % 7
  const week = (weeksAgo: number): SearchPeriod => ({
    firstDay: dayText(Date.parse(today) - (sinceMonday + 7 * weeksAgo) * dayMs),
    lastDay: dayText(Date.parse(today) - (sinceMonday + 7 * weeksAgo - 6) * dayMs),
  })
  return { ...week(1), before: week(2) }
}

function lastMonth(today: string): ReportPeriod {
  const [year = 0, month = 0] = today.split('-').map(Number)
  const monthAgo = (months: number): SearchPeriod => ({
    firstDay: dayText(Date.UTC(year, month - 1 - months, 1)),
    lastDay: dayText(Date.UTC(year, month - months, 0)),
  })
  return { ...monthAgo(1), before: monthAgo(2) }
}

function dayText(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10)
}
