import { studentQuantile } from './student-t.ts'

/** The place at which a series changed. */
export interface ChangePoint {
  /** Values before this index are before the change. */
  readonly index: number
  /** Mean of the values from the index on, minus the mean of those before. */
  readonly change: number
}

/** Values that both sides need. */
const leastSide = 5
/** The chance that a series without a change has one. */
const alpha = 0.01

/**
 * Returns the split at which the means of both sides differ most, by a t-test with pooled variance (binary segmentation: Scott and
 * Knott, Biometrics 30, 1974). Null if chance explains the difference: the level is divided by the number of splits (Bonferroni).
 * Values that hang together from day to day are worth fewer: the statistic is divided by √((1 + r) ÷ (1 − r)), r being the
 * autocorrelation of lag 1 around both means.
 */
export function changePointOf(values: readonly number[]): ChangePoint | null {
  const splits = values.length - 2 * leastSide + 1
  if (splits < 1) return null
  const limit = studentQuantile(1 - alpha / (2 * splits), values.length - 2)
  const [best] = Array.from({ length: splits }, (_, i) => splitAt(values, leastSide + i)).toSorted(
    (a, b) => Math.abs(b.t) - Math.abs(a.t),
  )
  return best === undefined || Math.abs(best.t) < limit ? null : { index: best.index, change: best.change }
}

function splitAt(values: readonly number[], index: number): ChangePoint & { readonly t: number } {
  const [before, after] = [values.slice(0, index), values.slice(index)]
  const [meanBefore, meanAfter] = [meanOf(before), meanOf(after)]
  const residuals = [...before.map((value) => value - meanBefore), ...after.map((value) => value - meanAfter)]
  const squares = residuals.reduce((sum, value) => sum + value * value, 0)
  const products = residuals.slice(1).reduce((sum, value, i) => sum + value * (residuals[i] ?? 0), 0)
  const r = squares === 0 ? 0 : Math.min(0.9, Math.max(0, products / squares))
  const change = meanAfter - meanBefore
  // Constant sides would have no noise at all.
  const variance = Math.max(squares / (values.length - 2), 1e-12)
  const error = Math.sqrt(variance * (1 / before.length + 1 / after.length) * ((1 + r) / (1 - r)))
  return { index, change, t: change / error }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
