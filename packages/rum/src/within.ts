export const dayMs: number = 24 * 60 * 60 * 1000

/**
 * The value from 0 to `most` (ms of a day unless told), else null. A figure that no beacon may carry was measured wrong:
 * better none than the whole snapshot refused.
 */
export function within(value: number | null | undefined, most = dayMs): number | null {
  return value != null && value >= 0 && value <= most ? value : null
}
