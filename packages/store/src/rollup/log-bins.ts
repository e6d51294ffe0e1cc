/**
 * A bin of a measured value reaches from a power of this to the next, so that its geometric middle is off by 1 % at
 * most: √1.02 - 1 = 0.995 %.
 */
const base = 1.02

/** How far a value read from a bin may be from the one that was counted in it, ratio of the latter. */
export const binError = Math.sqrt(base) - 1

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

/** SQL of the value that stands for all in a bin; in the lowest two it is off by 0.5 at most, whatever the ratio. */
export function valueOfBin(bin: string): string {
  return `multiIf(${bin} = 0, 0, ${bin} = 1, 0.5, pow(${base}, toFloat64(${bin}) - 1.5))`
}
