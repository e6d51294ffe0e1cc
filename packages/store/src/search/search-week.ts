/** Visits from search engines in one week, at one place. */
export interface SearchCount {
  /** ISO 3166-1 alpha-2; null if it is not known. */
  readonly country: string | null
  /** ISO 3166-2; null if it is not known. */
  readonly subdivision: string | null
  /** The search engine's name; null if it is not known. */
  readonly engine: string | null
  /** Measured views that came from a search engine. */
  readonly views: number
  /** Visits there would be if every session was measured: each view counts 1 ÷ its sampling. */
  readonly visits: number
}

/** A counted week. It may have no visits. */
export interface SearchWeek {
  /** Monday, 00:00 UTC. */
  readonly start: Date
  readonly counts: readonly SearchCount[]
}

const weekMs = 7 * 86_400_000
/** Monday, 5 January 1970. */
const firstMonday = 4 * 86_400_000

/** Returns the start of a moment's week, epoch ms. A week begins on Monday, 00:00 UTC. */
export function weekStart(epochMs: number): number {
  return Math.floor((epochMs - firstMonday) / weekMs) * weekMs + firstMonday
}

/** Returns the start of the week that is this many weeks later. */
export function addWeeks(start: number, weeks: number): number {
  return start + weeks * weekMs
}
