import type { SourcesFragment } from '../generated/graphql.ts'
import { sources, sourceShares } from './sources.ts'
import type { ChartPoint, TimeChartData } from './time-chart.ts'

/** A point of a series of the graph. */
export interface SeriesPoint<Metrics> {
  readonly start: string
  readonly metrics: Metrics
}

/**
 * Returns the intervals of a series that have begun. Each ends where the next one starts, the last one at `to`.
 * @param range ms since the Unix epoch
 */
export function chartPoints<Metrics>(
  series: readonly SeriesPoint<Metrics>[],
  range: { readonly to: number; readonly now: number },
  valuesOf: (metrics: Metrics) => Omit<ChartPoint, 'start' | 'end'>,
): ChartPoint[] {
  const starts = series.map(({ start }) => Date.parse(start))
  return series
    .map(({ metrics }, i) => ({ start: starts[i]!, end: starts[i + 1] ?? range.to, ...valuesOf(metrics) }))
    .filter(({ start }) => start <= range.now)
}

/** Returns the bands of the sources of bytes: the share of each source of an interval's bytes. */
export function shareChart(
  series: readonly SeriesPoint<{ readonly delivery: { readonly bytes: SourcesFragment } }>[],
  range: { readonly to: number; readonly now: number },
): TimeChartData {
  return {
    kind: 'stack',
    lines: sources.map(({ key, label }) => ({ key, label, colour: `--source-${key}` })),
    points: chartPoints(series, range, ({ delivery }) => ({
      values: sourceShares(delivery.bytes) ?? sources.map(() => null),
    })),
  }
}
