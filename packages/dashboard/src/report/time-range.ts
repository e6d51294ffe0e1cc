import type { Interval } from '../generated/graphql.ts'

/** Intervals of the chart. */
export type ChartInterval = Extract<Interval, 'MINUTE' | 'HOUR' | 'DAY'>

/** The time ranges of a report, shortest first. All end now. */
export const timeRanges = {
  hour: { label: 'Last hour', phrase: 'the last hour', ms: 3_600_000, interval: 'MINUTE' },
  day: { label: '24 hours', phrase: 'the last 24 hours', ms: 86_400_000, interval: 'HOUR' },
  week: { label: '7 days', phrase: 'the last 7 days', ms: 7 * 86_400_000, interval: 'HOUR' },
  month: { label: '30 days', phrase: 'the last 30 days', ms: 30 * 86_400_000, interval: 'DAY' },
} as const satisfies Record<string, { label: string; phrase: string; ms: number; interval: ChartInterval }>

export type TimeRangeName = keyof typeof timeRanges

/** Lengths of the series' intervals, ms. */
export const intervalMs: Readonly<Record<ChartInterval, number>> = {
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
}

export function isTimeRangeName(text: string | null): text is TimeRangeName {
  return text !== null && Object.hasOwn(timeRanges, text)
}

/** Returns the range that ends at `now`, ms. It starts at the start of an interval, so that the first one is whole. */
export function rangeEndingAt(
  now: number,
  name: TimeRangeName,
): { readonly from: string; readonly to: string } {
  const { ms, interval } = timeRanges[name]
  const step = intervalMs[interval]
  const from = Math.ceil((now - ms) / step) * step
  return { from: new Date(from).toISOString(), to: new Date(now).toISOString() }
}
