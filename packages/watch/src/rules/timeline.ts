import type { Tally } from './burn-rate.ts'

/** Events that began within one interval. */
export interface TimelinePoint extends Tally {
  /** ms since the Unix epoch */
  readonly start: number
}

/** A span of time, ms since the Unix epoch. `to` is not in it. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** Events by interval, oldest first. */
export interface Timeline {
  readonly intervalMs: number
  readonly points: readonly TimelinePoint[]
}

/** Returns the sum of the intervals that are in a span as a whole or in part. */
export function tallyIn({ points, intervalMs }: Timeline, { from, to }: Span): Tally {
  let total = 0
  let failed = 0
  for (const point of points) {
    if (point.start + intervalMs <= from || point.start >= to) continue
    total += point.total
    failed += point.failed
  }
  return { total, failed }
}

/** Returns the timeline without the intervals that overlap one of the spans. */
export function without({ points, intervalMs }: Timeline, spans: readonly Span[]): Timeline {
  const isCounted = ({ start }: TimelinePoint) =>
    !spans.some(({ from, to }) => start + intervalMs > from && start < to)
  return { intervalMs, points: points.filter(isCounted) }
}

/** Returns the start of the first interval in a span that has a failure; null if there is none. */
export function firstFailure({ points, intervalMs }: Timeline, { from, to }: Span): number | null {
  const found = points.find(({ start, failed }) => failed > 0 && start + intervalMs > from && start < to)
  return found?.start ?? null
}
