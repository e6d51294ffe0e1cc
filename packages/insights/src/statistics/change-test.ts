import { studentCdf } from './student-t.ts'

/** A weekly value of one of the compared periods. */
export interface Observation {
  /** Number of the week. Consecutive weeks have consecutive numbers. */
  readonly week: number
  readonly value: number
  /** Values of one period have one expected value. */
  readonly period: string
  /** The variance that the value has from counting alone: the noise is at least that. */
  readonly countingVariance: number
}

/** The change of weekly values between periods, and how likely chance alone makes it as low. */
export interface ChangeTest {
  /** The weighted sum of the periods' means. */
  readonly change: number
  readonly standardError: number
  readonly degreesOfFreedom: number
  /** Autocorrelation between a week and the next, ratio 0-1. Lower estimates count as 0. */
  readonly autocorrelation: number
  /** P(change is this low | it is 0): one-sided. */
  readonly pValue: number
}

/** Beyond this, the weeks hold too little information for an estimate. */
const maxAutocorrelation = 0.9

/**
 * Tests whether a weighted sum of periods' means is below 0: a pooled t-test, widened by the weeks' autocorrelation.
 *
 * The weeks' noise counts as autoregressive: the correlation of weeks i and j is ρ^|i-j|. With R the matrix of these, c the
 * weights of the observations in the sum, and M the projection onto the residuals of the periods' means, the variance of the
 * noise is estimated as e'e ÷ tr(MR), and that of the change is c'Rc times as much (generalised least squares: Greene,
 * Econometric Analysis, chapter 9). At ρ = 0 this is the pooled two-sample t-test.
 * @param weights of each period's mean, such as 1 and -1
 * @param leastAutocorrelation a lower own estimate counts as this much, ratio 0-1
 * @returns null when fewer than two residuals are free: nothing is known of the noise
 */
export function testChange(
  observations: readonly Observation[],
  weights: ReadonlyMap<string, number>,
  leastAutocorrelation = 0,
): ChangeTest | null {
  const sample = residualsOf(observations)
  const { means, degreesOfFreedom, squares } = sample
  if (degreesOfFreedom < 2) return null
  const own = Math.max(leastAutocorrelation, autocorrelationOf(sample))
  const autocorrelation = Math.min(maxAutocorrelation, own)
  const inNoise = noiseMoments(sample, weights, autocorrelation)
  const counting = observations.reduce((sum, of) => sum + of.countingVariance, 0) / observations.length
  const variance = Math.max(squares / inNoise.residual, counting)
  const standardError = Math.sqrt(variance * inNoise.change)
  const change = [...weights].reduce((sum, [name, weight]) => sum + weight * (means.get(name) ?? 0), 0)
  const pValue = studentCdf(change / standardError, degreesOfFreedom)
  return { change, standardError, degreesOfFreedom, autocorrelation, pValue }
}

/**
 * Returns the mean autocorrelation of several series, ratio 0-1: an estimate from 28 weeks alone has a standard error of 0.19.
 */
export function meanAutocorrelation(series: readonly (readonly Observation[])[]): number {
  const estimates = series
    .map(residualsOf)
    .filter(({ degreesOfFreedom }) => degreesOfFreedom >= 2)
    .map(autocorrelationOf)
  const mean = estimates.reduce((sum, estimate) => sum + estimate, 0) / Math.max(1, estimates.length)
  return Math.min(maxAutocorrelation, Math.max(0, mean))
}

/** Observations without the means of their periods. */
interface Residuals {
  readonly residuals: readonly Omit<Observation, 'countingVariance'>[]
  readonly means: ReadonlyMap<string, number>
  /** Number of observations of each period. */
  readonly sizes: ReadonlyMap<string, number>
  readonly degreesOfFreedom: number
  /** Sum of the squared residuals. */
  readonly squares: number
}

function residualsOf(observations: readonly Observation[]): Residuals {
  const periods = Map.groupBy(observations, ({ period }) => period)
  const means = new Map(
    [...periods].map(([name, of]) => [name, of.reduce((sum, { value }) => sum + value, 0) / of.length]),
  )
  const residuals = observations.map(({ week, value, period }) => ({
    week,
    period,
    value: value - (means.get(period) ?? 0),
  }))
  return {
    residuals,
    means,
    sizes: new Map([...periods].map(([name, of]) => [name, of.length])),
    degreesOfFreedom: observations.length - periods.size,
    squares: residuals.reduce((sum, { value }) => sum + value * value, 0),
  }
}

/**
 * Returns the lag-1 autocorrelation of residuals, which may be below 0. The means were estimated from the same n values, which
 * makes the estimate too low: by 1 ÷ n for each pair of neighbours in a period, and by 3ρ ÷ n. Both are added (Marriott and
 * Pope, Bias in the estimation of autocorrelations, Biometrika 41, 1954, for one period).
 */
function autocorrelationOf({ residuals, sizes, degreesOfFreedom, squares }: Residuals): number {
  if (squares === 0) return 0
  const byWeek = new Map(residuals.map((of) => [of.week, of]))
  let products = 0
  let missing = 0
  for (const { week, value, period } of residuals) {
    const next = byWeek.get(week + 1)
    if (next === undefined) continue
    products += value * next.value
    if (next.period === period) missing += 1 / (sizes.get(period) ?? 1)
  }
  const estimate = products / squares
  return estimate + missing / degreesOfFreedom + (3 * estimate) / residuals.length
}

/** Returns tr(MR), the expected sum of squared residuals, and c'Rc, the change's variance; both per variance of the noise. */
function noiseMoments(
  { residuals, sizes }: Residuals,
  weights: ReadonlyMap<string, number>,
  autocorrelation: number,
): { readonly residual: number; readonly change: number } {
  const size = (period: string): number => sizes.get(period) ?? 1
  const weight = (period: string): number => (weights.get(period) ?? 0) / size(period)
  let residual = residuals.length
  let change = 0
  for (const a of residuals) {
    for (const b of residuals) {
      const correlation = autocorrelation ** Math.abs(a.week - b.week)
      if (a.period === b.period) residual -= correlation / size(a.period)
      change += weight(a.period) * weight(b.period) * correlation
    }
  }
  return { residual, change }
}
