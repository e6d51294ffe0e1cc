import type { MetricPath, Metrics } from '../model/catalogue/catalogue.ts'
import { type Scalar, scalarOf } from '../model/scalar.ts'

/** A metric of some views against the same metric of a baseline. */
export interface Change {
  readonly metric: MetricPath
  /** null: not measured. */
  readonly value: number | null
  readonly baseline: number | null
  /** Value minus baseline; null when one of them was not measured. */
  readonly difference: number | null
  /** Difference ÷ baseline; null also when the baseline is 0. */
  readonly ratio: number | null
  /** The 95 % interval of the difference; null where none is known: see `Scalar`. */
  readonly interval: { readonly low: number; readonly high: number } | null
  /** Whether both have enough samples to trust the interval. */
  readonly enough: boolean
  /** Whether there are enough samples and the interval excludes 0. */
  readonly conclusive: boolean
}

/** Returns how each metric differs from a baseline's. */
export function changesOf(metrics: Metrics, baseline: Metrics, paths: readonly MetricPath[]): Change[] {
  return paths.map((metric) => {
    const [own, other] = [scalarOf(metrics, metric), scalarOf(baseline, metric)]
    if (own === null || other === null) {
      const values = { value: own?.value ?? null, baseline: other?.value ?? null }
      return {
        metric,
        ...values,
        difference: null,
        ratio: null,
        interval: null,
        enough: false,
        conclusive: false,
      }
    }
    const difference = own.value - other.value
    const interval = intervalOf(own, other)
    const enough = interval !== null && own.enough && other.enough
    return {
      metric,
      value: own.value,
      baseline: other.value,
      difference,
      ratio: other.value === 0 ? null : difference / other.value,
      interval,
      enough,
      conclusive: enough && (interval.low > 0 || interval.high < 0),
    }
  })
}

/**
 * Returns the 95 % interval of the difference of two independent estimates (Zou and Donner, Statistics in Medicine 27, 2008,
 * equation 3). For proportions with Wilson's intervals it is method 10 of Newcombe (Statistics in Medicine 17, 1998).
 */
function intervalOf(own: Scalar, other: Scalar): Change['interval'] {
  if (own.interval === null || other.interval === null) return null
  const difference = own.value - other.value
  return {
    low: difference - Math.hypot(own.value - own.interval.low, other.interval.high - other.value),
    high: difference + Math.hypot(own.interval.high - own.value, other.value - other.interval.low),
  }
}
