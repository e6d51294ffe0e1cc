/** A bin of measured values reaches from one power of this number to the next. */
const base = 1.02

/** Maximum difference of two values of one bin, ratio of the lower one. */
export const binError = base - 1

/** Power of the last bin, which has all values from 1.02^1021 (a week of ms). */
const lastPower = 1021

/**
 * Returns SQL of the bin of a nullable number. Bin 0 has the value 0, bin 1 the values below 1, bin k + 2 those from
 * 1.02^k to below 1.02^(k + 1). NULL has no bin.
 */
export function binOf(value: string): string {
  const power = `least(${lastPower}, floor(log(${value}) / log(${base})))`
  // `least` ignores NULL.
  return `if(isNull(${value}), NULL, toUInt16(multiIf(${value} <= 0, 0, ${value} < 1, 1, 2 + ${power})))`
}

/** Returns the lower edge of a bin. */
export function lowerEdge(bin: number): number {
  return bin < 2 ? 0 : base ** (bin - 2)
}

/** Returns the upper edge of a bin, which is the lower edge of the next. */
export function upperEdge(bin: number): number {
  return bin === 0 ? 0 : base ** (bin - 1)
}
