import { adjustedPValues } from '../statistics/benjamini-hochberg.ts'
import {
  type ChangeTest,
  meanAutocorrelation,
  type Observation,
  testChange,
} from '../statistics/change-test.ts'
import type { WeekWindow, WindowWeek } from './week-window.ts'

/** A region is tested from this many measured visits on. */
export const minVisits = 50
/** A region lags when the odds of its share fell to this ratio or below. */
const maxOddsRatio = 0.9
/** A region lags when its visits fell to this ratio or below, too. */
const maxVisitsRatio = 0.9
/** The expected share of false regions among those that lag. */
const falseDiscoveryRate = 0.1

/** Visits of a region from search engines. */
export interface PeriodVisits {
  /** Mean per week. */
  readonly weekly: number
  /** Of all visits of the site, ratio 0-1. */
  readonly share: number
}

/** How a region's search visits changed. */
export interface RegionVisibility {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Measured views from search engines in all compared weeks. */
  readonly samples: number
  /** The last four weeks. */
  readonly recent: PeriodVisits
  /** The 24 weeks before. */
  readonly earlier: PeriodVisits
  /** Recent visits ÷ earlier visits, per week; null when there were none earlier. */
  readonly visitsRatio: number | null
  /** The test of its share; null for a region with too few visits. */
  readonly test: RegionTest | null
  /** Whether it lags; null for a region without a test. */
  readonly lags: boolean | null
}

/** The test of a region's share of the site's visits. */
export interface RegionTest {
  /** Odds of the recent share ÷ odds of the earlier share; ÷ the same ratio of the year before, if it is known. */
  readonly oddsRatio: number
  /** One-sided, of this region alone. */
  readonly pValue: number
  /** After Benjamini and Hochberg, over all tested regions. */
  readonly adjustedPValue: number
  /** Between a week and the next, ratio 0-1. */
  readonly autocorrelation: number
}

/** Returns how each region's visits changed, the lowest odds ratio first; regions without a test last. */
export function visibilityOf(window: WeekWindow): RegionVisibility[] {
  const { recent, earlier } = window
  const countries = new Set([...recent, ...earlier].flatMap((week) => [...week.countries.keys()]))
  const regions = [...countries].map((country) => periodsOf(window, country))
  const tested = testsOf(
    window,
    regions.filter(({ samples }) => samples >= minVisits).map(({ country }) => country),
  )
  const adjusted = adjustedPValues([...tested.values()].map(({ pValue }) => pValue))
  const adjustedOf = new Map([...tested.keys()].map((country, i) => [country, adjusted[i] ?? 1]))
  return regions
    .map((region): RegionVisibility => {
      const change = tested.get(region.country)
      const adjustedPValue = adjustedOf.get(region.country)
      if (change === undefined || adjustedPValue === undefined) return { ...region, test: null, lags: null }
      const { pValue, autocorrelation } = change
      const test = { oddsRatio: Math.exp(change.change), pValue, adjustedPValue, autocorrelation }
      return { ...region, test, lags: isLagging(test, region.visitsRatio) }
    })
    .toSorted(
      (a, b) => (a.test?.oddsRatio ?? Infinity) - (b.test?.oddsRatio ?? Infinity) || b.samples - a.samples,
    )
}

function isLagging({ oddsRatio, adjustedPValue }: RegionTest, visitsRatio: number | null): boolean {
  return (
    adjustedPValue <= falseDiscoveryRate &&
    oddsRatio <= maxOddsRatio &&
    visitsRatio !== null &&
    visitsRatio <= maxVisitsRatio
  )
}

function periodsOf({ recent, earlier }: WeekWindow, country: string) {
  const now = periodVisits(recent, country)
  const before = periodVisits(earlier, country)
  const samples = [...recent, ...earlier].reduce(
    (sum, week) => sum + (week.countries.get(country)?.views ?? 0),
    0,
  )
  const visitsRatio = before.weekly === 0 ? null : now.weekly / before.weekly
  return { country, samples, recent: now, earlier: before, visitsRatio }
}

function periodVisits(weeks: readonly WindowWeek[], country: string): PeriodVisits {
  const visits = weeks.reduce((sum, week) => sum + visitsIn(week, country), 0)
  const total = weeks.reduce((sum, week) => sum + week.total, 0)
  return { weekly: visits / weeks.length, share: visits / total }
}

function visitsIn({ countries }: WindowWeek, country: string): number {
  return countries.get(country)?.visits ?? 0
}

/**
 * Tests whether each region's share fell; its change in the same weeks of the year before is subtracted if it is known. A
 * region's noise has at least the mean autocorrelation of all regions.
 */
function testsOf(window: WeekWindow, countries: readonly string[]): Map<string, ChangeTest> {
  const { recent, earlier, lastYear } = window
  const periods = new Map([
    ['recent', recent],
    ['earlier', earlier],
    ...(lastYear === null
      ? []
      : ([
          ['recent, last year', lastYear.recent],
          ['earlier, last year', lastYear.earlier],
        ] as const)),
  ])
  const weights = new Map([
    ['recent', 1],
    ['earlier', -1],
    ...(lastYear === null
      ? []
      : ([
          ['recent, last year', -1],
          ['earlier, last year', 1],
        ] as const)),
  ])
  const series = new Map(
    countries.map((country) => [
      country,
      [...periods].flatMap(([period, weeks]) => weeks.map((week) => observationOf(week, country, period))),
    ]),
  )
  const shared = meanAutocorrelation([...series.values()])
  return new Map(
    [...series].flatMap(([country, observations]) => {
      const change = testChange(observations, weights, shared)
      return change === null ? [] : [[country, change]]
    }),
  )
}

/**
 * Returns the log-odds of a region's share in a week, with half a visit added on both sides, so that a week without visits has
 * a value too, and the variance that counting alone gives it (Gart and Zweifel, On the bias of various estimators of the logit,
 * Biometrika 54, 1967).
 */
function observationOf(week: WindowWeek, country: string, period: string): Observation {
  const visits = visitsIn(week, country) + 0.5
  const others = Math.max(0, week.total - visitsIn(week, country)) + 0.5
  const value = Math.log(visits / others)
  return { week: week.week, value, period, countingVariance: 1 / visits + 1 / others }
}
