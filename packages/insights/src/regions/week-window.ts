import { addWeeks, type SearchWeek } from '@peerpress/store'

/** Weeks whose visits are compared: the last weeks, and those right before them. */
export const recentWeeks = 4
export const earlierWeeks = 24

/** With this many counted weeks, the change of the same weeks of the year before is known. */
const weeksOfTwoYears = 104
/** Weeks between a week and the same week of the year before. */
const weeksOfYear = 52

/** The share of a period's weeks that must have visits: a site or its server may be down for some. */
const leastShareOfWeeks = 0.75

/** Measured views and estimated visits from search engines. */
export interface RegionCount {
  readonly views: number
  readonly visits: number
}

/** One week of a site. */
export interface WindowWeek {
  /** Consecutive weeks have consecutive numbers. */
  readonly week: number
  /** By country; visits without a known country are in `total` only. */
  readonly countries: ReadonlyMap<string, RegionCount>
  /** Visits by country and search engine; null: a search engine that is not known. */
  readonly engines: ReadonlyMap<string, ReadonlyMap<string | null, number>>
  /** Visits of all places. */
  readonly total: number
}

/** The compared weeks of a site. Weeks in which no visit was counted at all are left out: nothing was measured. */
export interface WeekWindow {
  readonly recent: readonly WindowWeek[]
  readonly earlier: readonly WindowWeek[]
  /** The same weeks of the year before; null if they are not known. */
  readonly lastYear: Pick<WeekWindow, 'recent' | 'earlier'> | null
}

/** The window of a site, or why there is none yet. */
export type WindowOutcome =
  | { readonly state: 'known'; readonly window: WeekWindow }
  | { readonly state: 'too-few-weeks'; readonly weeks: number }

/**
 * Returns the compared weeks of a site.
 * @param weeks counted weeks
 * @param end epoch ms: the end of the last complete week
 */
export function windowOf(weeks: readonly SearchWeek[], end: number): WindowOutcome {
  const counted = new Map(weeks.map((week) => [week.start.getTime(), week]))
  const measured = (endsAgo: number, count: number): WindowWeek[] =>
    Array.from({ length: count }, (_, i) => -endsAgo - count + i)
      .flatMap((week) => {
        const found = counted.get(addWeeks(end, week))
        return found === undefined ? [] : [windowWeek(week, found)]
      })
      .filter(({ total }) => total > 0)
  const periods = (shift: number) => ({
    recent: measured(shift, recentWeeks),
    earlier: measured(shift + recentWeeks, earlierWeeks),
  })
  const now = periods(0)
  if (!isEnough(now)) return { state: 'too-few-weeks', weeks: now.recent.length + now.earlier.length }
  const before = periods(weeksOfYear)
  const oldest = Math.min(...counted.keys())
  const knowsSeason = oldest <= addWeeks(end, -weeksOfTwoYears) && isEnough(before)
  return { state: 'known', window: { ...now, lastYear: knowsSeason ? before : null } }
}

function isEnough({ recent, earlier }: Pick<WeekWindow, 'recent' | 'earlier'>): boolean {
  return (
    recent.length >= recentWeeks * leastShareOfWeeks && earlier.length >= earlierWeeks * leastShareOfWeeks
  )
}

function windowWeek(week: number, { counts }: SearchWeek): WindowWeek {
  const countries = new Map<string, RegionCount>()
  const engines = new Map<string, Map<string | null, number>>()
  let total = 0
  for (const { country, engine, views, visits } of counts) {
    total += visits
    if (country === null) continue
    const ofCountry = engines.get(country) ?? new Map<string | null, number>()
    engines.set(country, ofCountry.set(engine, (ofCountry.get(engine) ?? 0) + visits))
    const known = countries.get(country) ?? { views: 0, visits: 0 }
    countries.set(country, { views: known.views + views, visits: known.visits + visits })
  }
  return { week, countries, engines, total }
}
