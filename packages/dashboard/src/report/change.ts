/** A value, and its interval if it is a percentile. */
export interface Measured {
  readonly value: number
  readonly low?: number
  readonly high?: number
  /** False if too few views measured it. */
  readonly enough?: boolean
}

/** How a figure changed. `isClear`: by more than its uncertainty. */
export interface Change {
  /** The new value ÷ the old one - 1. */
  readonly ratio: number
  readonly isClear: boolean
}

/** A smaller change is no news, ratio. */
const leastRatio = 0.05

/**
 * Returns how a value changed; null if there is nothing to compare, or if the old one is 0. A percentile changed clearly if the
 * two intervals of 95 % do not touch, and only with enough samples; a count or ratio by a twentieth or more.
 */
export function changeOf(now: Measured | null, before: Measured | null): Change | null {
  if (now === null || before === null || before.value === 0) return null
  const ratio = now.value / before.value - 1
  const isLarge = Math.abs(ratio) >= leastRatio
  if (now.low === undefined || before.low === undefined) return { ratio, isClear: isLarge }
  const isApart = now.low > (before.high ?? before.value) || (now.high ?? now.value) < before.low
  const hasEnough = now.enough !== false && before.enough !== false
  return { ratio, isClear: isLarge && isApart && hasEnough }
}
