import type { CountryFigures, SearchPeriod } from '@peerpress/registry'
import type { RegionEvidence } from './evidence.ts'
import { type Reason, reasonsOf } from './reasons.ts'
import type { LanguageFigures } from './language-figures.ts'
import { type RegionVisibility, visibilityOf } from './visibility.ts'
import type { WeekWindow, WindowOutcome, WindowWeek } from './week-window.ts'

/** A region's visibility, with the evidence of reasons. */
export interface Region extends RegionVisibility {
  /** Why it lags, the most likely reason first; empty for a region that does not lag. */
  readonly reasons: readonly Reason[]
  /** Estimated visits of each compared week, oldest first. Weeks in which nothing was measured are left out. */
  readonly weeks: readonly { readonly week: number; readonly visits: number }[]
  /** Mean visits per week by search engine, most first; null: a search engine that is not known. */
  readonly engines: readonly EngineVisits[]
  /** What search engines showed there, from imported exports; null if there are none of these weeks. */
  readonly search: { readonly recent: CountryFigures; readonly earlier: CountryFigures } | null
}

/** Mean visits per week that one search engine led to. */
export interface EngineVisits {
  readonly engine: string | null
  readonly recent: number
  readonly earlier: number
}

/** The regions of a site as the last analysis found them. It is stored as it is. */
export interface SiteRegions {
  /** Of this form. An analysis of another form is made again. */
  readonly version: 1
  /** Monday, 00:00 UTC, epoch ms: the compared weeks end here. */
  readonly end: number
  /** Whether there are enough weeks for the test. */
  readonly state: 'tested' | 'too-few-weeks'
  /** Weeks with visits, of the 28 that are compared. */
  readonly weeks: number
  /** Whether the change of the same weeks of the year before was subtracted. */
  readonly season: 'subtracted' | 'unknown'
  /** The days of the imported exports; null if there are none of these weeks. */
  readonly search: { readonly recent: SearchPeriod; readonly earlier: SearchPeriod } | null
  /** The lowest odds ratio first; regions without a test last. */
  readonly regions: readonly Region[]
  /** The same test over subdivisions (ISO 3166-2, in place of the country), where the server knows them. Absent in older analyses. */
  readonly subdivisions?: readonly RegionVisibility[]
  /** Search Console's figures by the language of the pages; empty without a connection. Absent in older analyses. */
  readonly languages?: readonly LanguageFigures[]
}

/** Evidence about a site's regions besides their visits. */
export interface RegionSources {
  /** Epoch ms. */
  readonly end: number
  readonly outcome: WindowOutcome
  /** The same weeks by subdivision. */
  readonly subdivisions: WindowOutcome
  readonly languages: readonly LanguageFigures[]
  readonly evidence: (country: string) => RegionEvidence
  readonly search: {
    readonly recent: SearchPeriod
    readonly earlier: SearchPeriod
    readonly of: (country: string) => Region['search']
  } | null
}

/** Returns the regions of a site, each with its test and its reasons. */
export function siteRegions({
  end,
  outcome,
  subdivisions,
  languages,
  evidence,
  search,
}: RegionSources): SiteRegions {
  const common = {
    version: 1,
    end,
    languages,
    subdivisions: subdivisions.state === 'known' ? visibilityOf(subdivisions.window) : [],
    search: search === null ? null : { recent: search.recent, earlier: search.earlier },
  } as const
  if (outcome.state === 'too-few-weeks') {
    return { ...common, state: outcome.state, weeks: outcome.weeks, season: 'unknown', regions: [] }
  }
  const { window } = outcome
  return {
    ...common,
    state: 'tested',
    weeks: window.recent.length + window.earlier.length,
    season: window.lastYear === null ? 'unknown' : 'subtracted',
    regions: visibilityOf(window).map((region) => ({
      ...region,
      reasons: region.lags ? reasonsOf(evidence(region.country)) : [],
      weeks: weeksOf(window, region.country),
      engines: enginesOf(window, region.country),
      search: search?.of(region.country) ?? null,
    })),
  }
}

function weeksOf({ earlier, recent }: WeekWindow, country: string): Region['weeks'] {
  return [...earlier, ...recent].map(({ week, countries }) => ({
    week,
    visits: countries.get(country)?.visits ?? 0,
  }))
}

function enginesOf({ earlier, recent }: WeekWindow, country: string): EngineVisits[] {
  const engines = new Set(
    [...earlier, ...recent].flatMap((week) => [...(week.engines.get(country)?.keys() ?? [])]),
  )
  const weekly = (weeks: readonly WindowWeek[], engine: string | null) =>
    weeks.reduce((sum, week) => sum + (week.engines.get(country)?.get(engine) ?? 0), 0) / weeks.length
  return [...engines]
    .map((engine) => ({ engine, recent: weekly(recent, engine), earlier: weekly(earlier, engine) }))
    .toSorted((a, b) => b.earlier + b.recent - a.earlier - a.recent)
}
