/** Standard errors to the ends of a 95 % interval. */
const z = 1.96

/**
 * Returns the 95 % interval of a proportion (Wilson, Probable inference, JASA 22, 1927; recommended by Brown, Cai and
 * DasGupta, Interval estimation for a binomial proportion, Statistical Science 16, 2001). null: the whole is 0.
 */
export function wilson(part: number, whole: number): { readonly low: number; readonly high: number } | null {
  if (whole <= 0) return null
  const p = part / whole
  const middle = (p + z ** 2 / (2 * whole)) / (1 + z ** 2 / whole)
  const half = (z / (1 + z ** 2 / whole)) * Math.sqrt((p * (1 - p)) / whole + z ** 2 / (4 * whole ** 2))
  return { low: part === 0 ? 0 : middle - half, high: part === whole ? 1 : middle + half }
}
