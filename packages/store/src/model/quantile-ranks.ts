/** Distances from a percentile to itself and to the ends of its 95 % interval, in standard errors. */
const steps = [0, -1.96, 1.96]

/**
 * Returns the ranks of a percentile among `n` sorted samples and of the ends of its 95 % interval, from 1 on: p and
 * p ± 1.96·sqrt(p(1-p)/n), rounded up and limited to the data (Conover, Practical Nonparametric Statistics,
 * section 3.2: distribution-free interval of a quantile).
 */
export function ranksOf(n: number, p: number): number[] {
  return steps.map((step) =>
    Math.max(1, Math.min(n, Math.ceil(n * (p + step * Math.sqrt((p * (1 - p)) / Math.max(n, 1)))))),
  )
}

/** Returns SQL of the same ranks. */
export function ranksIn(n: string, p: string): string[] {
  return steps.map(
    (step) =>
      `toUInt64(greatest(1, least(toFloat64(${n}), ceil(${n} * (${p} + ${step} * sqrt(${p} * (1 - ${p}) / greatest(${n}, 1)))))))`,
  )
}
