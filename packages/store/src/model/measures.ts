import type { ValueLimits } from '../rollup/quantile-of-bins.ts'

/** What percentiles are told of, by column of `snapshots`. */
export const measures = {
  lcp: { p: 0.75, scale: 1 },
  // Browsers round durations of events to 8 ms: https://w3c.github.io/event-timing/#dom-performanceentry-duration
  inp: { p: 0.75, scale: 1, step: 8 },
  cls: { p: 0.75, scale: 10_000 },
  fcp: { p: 0.75, scale: 1 },
  ttfb: { p: 0.75, scale: 1 },
  load: { p: 0.75, scale: 1 },
  engaged_ms: { p: 0.5, scale: 1 },
  scroll_depth: { p: 0.5, scale: 10_000, max: 10_000 },
} as const satisfies Readonly<Record<string, MeasureFacts>>

/** What is known of a measure. `max` and `step` are in scaled units. */
export interface MeasureFacts extends ValueLimits {
  /** Which percentile, ratio 0-1. */
  readonly p: number
  /** What makes the smallest difference that matters 1: bins of values below are not told apart. */
  readonly scale: number
}

export type Measure = keyof typeof measures
export const measureNames = Object.keys(measures) as Measure[]

/**
 * Up to `good` a vital is good, above `poor` it is poor; ms, `cls` is a score.
 * https://web.dev/articles/defining-core-web-vitals-thresholds, those of FCP and TTFB by their own pages there.
 */
export const vitalThresholds = {
  lcp: { good: 2500, poor: 4000 },
  inp: { good: 200, poor: 500 },
  cls: { good: 0.1, poor: 0.25 },
  fcp: { good: 1800, poor: 3000 },
  ttfb: { good: 800, poor: 1800 },
} as const
export type RatedVital = keyof typeof vitalThresholds
export const ratedVitals = Object.keys(vitalThresholds) as RatedVital[]

/**
 * Apdex: readers whom the largest paint kept waiting no longer than `target` ms are satisfied, up to four times that
 * they tolerate it (Application Performance Index, technical specification 1.1, section 3). The target is where LCP
 * ends to be good.
 */
export const apdexTarget = vitalThresholds.lcp.good
