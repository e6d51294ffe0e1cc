/** A bin of a measured value reaches from a power of this to the next. */
const base = 1.02

/** How far two values of one bin may be from each other, ratio of the lower. */
export const binError = base - 1

/** The last bin, of all that is 1.02^1021 (a week of ms) or more. */
const lastPower = 1021

/**
 * SQL of the bin of a nullable number: 0 holds what is 0, 1 what is below 1, k + 2 what is from 1.02^k to below
 * 1.02^(k + 1). NULL has none.
 */
export function binOf(value: string): string {
  const power = `least(${lastPower}, floor(log(${value}) / log(${base})))`
  // `least` passes over NULL.
  return `if(isNull(${value}), NULL, toUInt16(multiIf(${value} <= 0, 0, ${value} < 1, 1, 2 + ${power})))`
}

/** The lower edge of a bin. */
export function lowerEdge(bin: number): number {
  return bin < 2 ? 0 : base ** (bin - 2)
}

/** The upper edge of a bin, which is the lower one of the next. */
export function upperEdge(bin: number): number {
  return bin === 0 ? 0 : base ** (bin - 1)
}
