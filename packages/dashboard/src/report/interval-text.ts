import { formatTime } from './page-format.ts'
import { type ChartInterval, intervalMs } from './time-range.ts'

/** Returns the name of an interval of a series: a day in UTC, else the local date and times. */
export function formatInterval(start: number, interval: ChartInterval): string {
  if (interval === 'DAY') return formatTime(start, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const day = formatTime(start, { day: 'numeric', month: 'short' })
  return `${day}, ${clock(start)}–${clock(start + intervalMs[interval])}`
}

/** Returns the label of a mark on the time axis: a day if marks are days apart or a day starts, else a time. */
export function formatAxisMark(ms: number, interval: ChartInterval, stepMs: number): string {
  if (interval === 'DAY') return formatTime(ms, { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const time = clock(ms)
  return stepMs >= intervalMs.DAY || time === '00:00'
    ? formatTime(ms, { day: 'numeric', month: 'short' })
    : time
}

function clock(ms: number): string {
  return formatTime(ms, { hour: '2-digit', minute: '2-digit' })
}
