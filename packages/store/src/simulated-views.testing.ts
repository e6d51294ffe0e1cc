import type { BinnedViews } from './rollup/quantile-of-bins.ts'

/** Pseudo-random numbers: the same for the same seed. */
export interface Random {
  /** Uniform, from 0 to below 1. */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
  /** Number of successes of `n` trials with this chance. */
  readonly binomial: (n: number, chance: number) => number
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0
  // Mulberry32, https://github.com/cprosche/mulberry32, two draws for 53 bits.
  const bits = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) / 2 ** 53
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return { uniform, normal, binomial: (n, chance) => binomial(uniform, n, chance) }
}

/**
 * Draws exactly: by inversion, or for large expected numbers by the algorithm BTRS (Hörmann, J. Stat. Comput. Simul.
 * 46, 1993).
 */
function binomial(uniform: () => number, n: number, chance: number): number {
  if (chance > 0.5) return n - binomial(uniform, n, 1 - chance)
  if (n * chance < 10) return binomialByInversion(uniform, n, chance)
  const odds = chance / (1 - chance)
  const spread = Math.sqrt(n * chance * (1 - chance))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * chance
  const c = n * chance + 0.5
  const r = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const mode = Math.floor((n + 1) * chance)
  for (;;) {
    const u = uniform() - 0.5
    let v = uniform()
    const near = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / near + b) * u + c)
    if (near >= 0.07 && v <= r) return k
    if (k < 0 || k > n) continue
    v = Math.log((v * alpha) / (a / (near * near) + b))
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      stirlingRest(mode) +
      stirlingRest(n - mode) -
      stirlingRest(k) -
      stirlingRest(n - k)
    if (v <= bound) return k
  }
}

function binomialByInversion(uniform: () => number, n: number, chance: number): number {
  const odds = chance / (1 - chance)
  let probability = (1 - chance) ** n
  let left = uniform()
  let k = 0
  while (left > probability && k < n) {
    left -= probability
    k++
    probability *= ((n - k + 1) * odds) / k
  }
  return k
}

/** The remainder of Stirling's formula of ln(k!). */
function stirlingRest(k: number): number {
  if (k < 10) {
    let logFactorial = 0
    for (let i = 2; i <= k; i++) logFactorial += Math.log(i)
    return logFactorial - ((k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI))
  }
  const square = (k + 1) ** 2
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)
}

/** The chance of each bin. */
export type BinChances = ReadonlyMap<number, number>

/** Draws the bins of that many views, which is equivalent to drawing each view. */
export function drawBins(random: Random, samples: number, chances: BinChances): BinnedViews {
  const bins: number[] = []
  const below = [0]
  let viewsLeft = samples
  let chanceLeft = 1
  for (const [bin, chance] of chances) {
    const views = random.binomial(viewsLeft, Math.min(1, chance / chanceLeft))
    viewsLeft -= views
    chanceLeft -= chance
    if (views === 0) continue
    bins.push(bin)
    below.push(samples - viewsLeft)
  }
  return { samples: samples - viewsLeft, bins, below }
}

/** Φ (Marsaglia, Evaluating the normal distribution, J. Stat. Softw. 11, 2004). */
export function normalCdf(x: number): number {
  if (x < -8) return 0
  if (x > 8) return 1
  let sum = x
  let term = x
  for (let i = 3; Math.abs(term) > 1e-17; i += 2) {
    term *= (x * x) / i
    sum += term
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.918_938_533_204_672_7)
}
