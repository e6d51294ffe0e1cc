import type { WeekWindow, WindowWeek } from '@peerpress/insights'

/** A site whose regions' visits are drawn at random. */
export interface SimulatedSite {
  /** Expected search visits of each region in a day. */
  readonly daily: readonly number[]
  /** Standard deviation of a region's weekly visits around their expectation, ratio. */
  readonly noise: number
  /** Correlation of a region's noise with that of the week before, ratio 0-1. */
  readonly autocorrelation: number
  /** Regions, by index, whose expected visits fall in the last four weeks. */
  readonly falling: ReadonlySet<number>
  /** How far they fall, ratio. */
  readonly fall: number
}

const recentWeeks = 4
const allWeeks = 28

/** Draws the weeks of a site: noise of each region as a first-order autoregressive process, and the noise of counting. */
export function drawWindow(site: SimulatedSite, random: () => number): WeekWindow {
  const { daily, noise, autocorrelation, falling, fall } = site
  const deviations = daily.map(() => normal(random))
  const weeks: WindowWeek[] = []
  for (let week = -allWeeks; week < 0; week++) {
    const countries = new Map<string, { views: number; visits: number }>()
    let total = 0
    for (const [region, perDay] of daily.entries()) {
      const isFalling = falling.has(region) && week >= -recentWeeks
      const expected = 7 * perDay * (1 + noise * (deviations[region] ?? 0)) * (isFalling ? 1 - fall : 1)
      const visits = Math.max(0, Math.round(expected + Math.sqrt(Math.max(0, expected)) * normal(random)))
      countries.set(nameOf(region), { views: visits, visits })
      total += visits
      deviations[region] =
        autocorrelation * (deviations[region] ?? 0) + Math.sqrt(1 - autocorrelation ** 2) * normal(random)
    }
    weeks.push({ week, countries, engines: new Map(), total })
  }
  return { earlier: weeks.slice(0, -recentWeeks), recent: weeks.slice(-recentWeeks), lastYear: null }
}

/** Returns the name of a simulated region. */
export function nameOf(region: number): string {
  return `region ${region}`
}

/** Returns a standard normal number (Box and Muller, Ann. Math. Stat. 29, 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
