/** The middle of some figures, and how far they went apart. */
export interface Spread {
  readonly median: number
  readonly range: readonly [low: number, high: number]
}

/** Of an even number of figures, the mean of the two in the middle. */
export function spreadOf(figures: readonly number[]): Spread {
  const sorted = figures.toSorted((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const half = sorted.length / 2
  const median = Number.isInteger(half) ? (at(half - 1) + at(half)) / 2 : at(Math.floor(half))
  return { median, range: [at(0), at(sorted.length - 1)] }
}

/** The smallest figure that a share of all do not exceed (nearest rank); `share` 0-1. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = Float64Array.from(figures).toSorted()
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

/**
 * 95 % interval of the median, by order statistics: as many figures at either end as a fair coin would leave out.
 * Fewer than six figures have none: then it is all of them.
 */
export function medianInterval(figures: readonly number[]): readonly [low: number, high: number] {
  const sorted = figures.toSorted((a, b) => a - b)
  const count = sorted.length
  let cut = 0
  let chance = 2 ** -count
  for (let below = chance; below <= 0.025 && cut < count / 2; below += chance) {
    cut++
    chance *= (count - cut + 1) / cut
  }
  const first = Math.max(0, cut - 1)
  return [sorted[first] ?? Number.NaN, sorted[count - 1 - first] ?? Number.NaN]
}
