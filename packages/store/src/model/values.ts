/** A percentile with its 95 % confidence interval. */
export interface Quantile {
  /** Which percentile, ratio 0-1. */
  readonly p: number
  readonly value: number
  readonly low: number
  readonly high: number
  /** Views that measured it. */
  readonly samples: number
  /** Whether there are enough samples to trust the interval: {@link enoughSamples}. */
  readonly enough: boolean
  /** How far each of the three values may be from the exact one, ratio: 0, or the width of a bin where bins were counted. */
  readonly error: number
}

/** Views by how good their value of a vital was. */
export interface Ratings {
  readonly good: number
  readonly needsImprovement: number
  readonly poor: number
}

/** Whether views passed a test. */
export const verdicts = ['yes', 'no', 'unknown'] as const
export type Verdict = (typeof verdicts)[number]

/** Views that succeeded, of all that tried. */
export interface Trials {
  readonly part: number
  readonly whole: number
}

/**
 * With fewer than 30 samples, the normal approximation under the interval of a 75th percentile does not hold: the interval's
 * upper end is beyond the data (n·(1-p) < 8).
 */
export const enoughSamples = 30

/** Returns part ÷ whole, or null when the whole is 0. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}
