/**
 * Returns the probability that Student's t is at most `t`, with `df` > 0 degrees of freedom.
 * For t ≤ 0 it is ½ I_x(df/2, ½) with x = df ÷ (df + t²) (Abramowitz and Stegun, 26.7.1).
 */
export function studentCdf(t: number, df: number): number {
  const tail = incompleteBeta(df / (df + t * t), df / 2, 0.5) / 2
  return t <= 0 ? tail : 1 - tail
}

/** Returns the t that Student's t with `df` > 0 degrees of freedom does not exceed with the probability `p`, 0 < `p` < 1. */
export function studentQuantile(p: number, df: number): number {
  if (p < 0.5) return -studentQuantile(1 - p, df)
  let high = 1
  while (studentCdf(high, df) < p && high < Number.MAX_VALUE / 2) high *= 2
  let low = 0
  // Each step halves the interval, until no number lies between its ends.
  for (let middle = high / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (studentCdf(middle, df) < p) low = middle
    else high = middle
  }
  return high
}

/** Returns the regularized incomplete beta function I_x(a, b), for 0 ≤ x ≤ 1. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean; above it the symmetry applies: https://dlmf.nist.gov/8.17.E4
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const factor = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b))
  return (factor / a) * betaFraction(x, a, b)
}

/** Maximum number of terms; some √max(a, b) of them are needed. */
const maxTerms = 10_000
const precision = 1e-15

/** The continued fraction of I_x(a, b), https://dlmf.nist.gov/8.17.E22, by the modified method of Lentz. */
function betaFraction(x: number, a: number, b: number): number {
  const nonZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value)
  let c = 1
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= maxTerms; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let change = 1
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d)
      c = nonZero(1 + term / c)
      change = c * d
      fraction *= change
    }
    if (Math.abs(change - 1) < precision) break
  }
  return fraction
}

/** Lanczos coefficients for g = 7: Godfrey, A note on the computation of the convergent Lanczos approximation, 2001. */
const lanczos = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
]

/** Returns ln Γ(z), for z ≥ ½. */
function logGamma(z: number): number {
  const [first = 1, ...rest] = lanczos
  const sum = rest.reduce((total, coefficient, i) => total + coefficient / (z + i), first)
  const base = z + 6.5
  return 0.5 * Math.log(2 * Math.PI) + (z - 0.5) * Math.log(base) - base + Math.log(sum)
}
