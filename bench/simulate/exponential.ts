/** An exponentially distributed number. */
export function exponential(random: () => number, mean: number): number {
  return -mean * Math.log(1 - random())
}
