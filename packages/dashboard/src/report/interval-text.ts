import { formatTime } from './page-format.ts'
import type { ChartInterval } from './time-range.ts'

/** Returns the name of an interval of a series in the site's time zone: a day, or a date and times. */
export function formatInterval(
  { start, end }: { readonly start: number; readonly end: number },
  interval: ChartInterval,
  timeZone: string,
): string {
  const day = formatTime(start, { day: 'numeric', month: 'short', timeZone })
  return interval === 'DAY' ? day : `${day}, ${clock(start, timeZone)}–${clock(end, timeZone)}`
}

/** Returns the label of a mark on the time axis: a day if marks are days apart or a day starts, else a time. */
export function formatAxisMark(
  ms: number,
  { stepMs, timeZone }: { readonly stepMs: number; readonly timeZone: string },
): string {
  const time = clock(ms, timeZone)
  return stepMs >= 86_400_000 || time === '00:00'
    ? formatTime(ms, { day: 'numeric', month: 'short', timeZone })
    : time
}

function clock(ms: number, timeZone: string): string {
  return formatTime(ms, { hour: '2-digit', minute: '2-digit', timeZone })
}
