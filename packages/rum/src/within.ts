export const dayMs: number = 24 * 60 * 60 * 1000

/**
 * Returns the value if it is from 0 to `most` (default: ms of a day), else null. An implausible figure is dropped,
 * because the collector would refuse the whole snapshot.
 */
export function within(value: number | null | undefined, most = dayMs): number | null {
  return value != null && value >= 0 && value <= most ? value : null
}
