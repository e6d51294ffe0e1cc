/**
 * Returns the adjusted p-value of each test, in the order of the tests: the smallest false discovery rate at which the test is
 * rejected. Among the tests with an adjusted p-value of at most q, the expected share of false ones is at most q (Benjamini and
 * Hochberg, Controlling the false discovery rate, J. R. Stat. Soc. B 57, 1995).
 */
export function adjustedPValues(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).toSorted((a, b) => pValues[b]! - pValues[a]!)
  const adjusted: number[] = []
  let least = 1
  for (const [place, i] of order.entries()) {
    least = Math.min(least, (pValues[i]! * pValues.length) / (pValues.length - place))
    adjusted[i] = least
  }
  return adjusted
}
