import type { CountryFigures, Registry, SearchPeriod } from '@peerpress/registry'
import {
  addWeeks,
  type BreakdownRow,
  type MetricPath,
  type Reports,
  type SearchWeek,
  type Store,
} from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { EngineWeeks, LargestPicture, PhonePicture, SiteFacts } from './findings/finding.ts'
import { elsewhereOf, experienceMetrics, experienceOf, type RegionEvidence } from './regions/evidence.ts'
import { type LanguageFigures, languageFigures } from './regions/language-figures.ts'
import { type RegionSources, siteRegions } from './regions/site-regions.ts'
import {
  earlierWeeks,
  recentWeeks,
  type WeekWindow,
  type WindowWeek,
  windowOf,
} from './regions/week-window.ts'
import { chosenFigures } from './search-console/chosen-figures.ts'
import { comparedFigures } from './search-console/compared-figures.ts'
import { areComparable, dayCount } from './search-export/periods.ts'

/** The dependencies of an analysis. */
export interface Sources {
  readonly registry: Pick<
    Registry,
    'pageTexts' | 'posts' | 'releases' | 'searchConnections' | 'searchExports'
  >
  readonly store: Pick<Store, 'searchFigures' | 'searchSums' | 'searchWeeks'>
  readonly reports: Pick<Reports, 'breakdown' | 'experiment' | 'series'>
}

/** Maximum numbers of places, posts and pictures that are read; those with most views. */
const most = { countries: 300, posts: 200, pictures: 100 } as const

const countryMetrics: readonly MetricPath[] = [...experienceMetrics, 'speed.inp', 'speed.cls']
const postMetrics: readonly MetricPath[] = ['speed.lcp', 'engagement.engagedMs', 'engagement.scrollDepth']

/** Reads all that the rules need to know of a site. `end`, epoch ms, is the end of its last complete week. */
export async function gatherFacts(sources: Sources, site: SiteId, end: number): Promise<SiteFacts> {
  const { registry, store, reports } = sources
  const recent = { site, from: new Date(addWeeks(end, -recentWeeks)), to: new Date(end) }
  const earlier = { site, from: new Date(addWeeks(end, -recentWeeks - earlierWeeks)), to: recent.from }
  const release = { site, from: new Date(addWeeks(end, -releaseWeeks)), to: recent.to }
  const [countries, before, posts, pictures, experiment, weeks, search, published] = await Promise.all([
    reports.breakdown({ ...recent, metrics: countryMetrics }, 'country', most.countries),
    reports.breakdown({ ...earlier, metrics: [...experienceMetrics] }, 'country', most.countries),
    reports.breakdown({ ...recent, metrics: postMetrics }, 'post', most.posts),
    reports.breakdown({ ...recent, metrics: ['speed.lcp'] }, 'lcp_url', most.pictures),
    reports.experiment(recent),
    store.searchWeeks(site),
    comparedSearch(sources, site, end),
    registry.posts.list(site),
  ])
  const outcome = windowOf(weeks, end)
  const evidence = (country: string) => evidenceOf(country, { countries, before, search })
  return {
    site,
    regions: siteRegions({
      end,
      outcome,
      subdivisions: windowOf(bySubdivision(weeks), end),
      languages: search === null ? [] : await languagesOf(sources, site, search),
      evidence,
      search,
    }),
    countries,
    posts,
    postUrls: new Map(published.map(({ post, url }) => [post, url])),
    pictures: await largestPictures(registry, site, pictures),
    experiment,
    phonePictures: await phonePictures(sources, recent),
    engines: outcome.state === 'known' ? enginesOf(outcome.window) : [],
    days: await reports.series({ ...release, metrics: ['speed.lcp'] }, 'DAY'),
    releases: await registry.releases.list(site, release.from),
  }
}

/** Returns the weeks with the subdivision in place of the country. Visits without one count in the week's total alone. */
function bySubdivision(weeks: readonly SearchWeek[]): SearchWeek[] {
  return weeks.map(({ start, counts }) => ({
    start,
    counts: counts.map((count) => ({ ...count, country: count.subdivision })),
  }))
}

async function languagesOf(
  { registry, store }: Sources,
  site: SiteId,
  { recent, earlier, days }: NonNullable<Exports>,
): Promise<LanguageFigures[]> {
  return languageFigures({ registry, ...chosenFigures({ registry, store }) }, site, {
    recent: { ...recent, days: days.recent },
    earlier: { ...earlier, days: days.earlier },
  })
}

/** Weeks in which a change after a release is looked for. */
const releaseWeeks = 8

/** Returns the visits by search engine in all countries. */
function enginesOf({ recent, earlier }: WeekWindow): EngineWeeks[] {
  const weekly = (weeks: readonly WindowWeek[]) => {
    const visits = new Map<string | null, number>()
    for (const ofCountry of weeks.flatMap(({ engines }) => [...engines.values()])) {
      for (const [engine, count] of ofCountry)
        visits.set(engine, (visits.get(engine) ?? 0) + count / weeks.length)
    }
    return visits
  }
  const [now, before] = [weekly(recent), weekly(earlier)]
  return [...new Set([...now.keys(), ...before.keys()])].map((engine) => ({
    engine,
    recent: now.get(engine) ?? 0,
    earlier: before.get(engine) ?? 0,
    weeks: recent.length,
  }))
}

async function phonePictures(
  { registry, reports }: Sources,
  range: { readonly site: SiteId; readonly from: Date; readonly to: Date },
): Promise<PhonePicture[]> {
  const on = (device: 'mobile' | 'desktop') =>
    reports.breakdown({ ...range, metrics: ['speed.lcp'], filter: { device } }, 'lcp_url', most.pictures)
  const [phones, desktops] = await Promise.all([on('mobile'), on('desktop')])
  const desktopViews = new Map(desktops.map(({ key, metrics }) => [key, metrics.views]))
  return (await largestPictures(registry, range.site, phones)).map(({ views, ...picture }) => ({
    ...picture,
    phoneViews: views.views,
    desktopViews: desktopViews.get(picture.url) ?? 0,
    lcp: views.speed.lcp?.value ?? null,
  }))
}

async function largestPictures(
  registry: Sources['registry'],
  site: SiteId,
  rows: readonly BreakdownRow[],
): Promise<LargestPicture[]> {
  const views = new Map(rows.flatMap(({ key, metrics }) => (key === null ? [] : [[key, metrics] as const])))
  const pictures = await registry.posts.pictures(site, [...views.keys()])
  return pictures.flatMap((picture) => {
    const metrics = views.get(picture.url)
    return metrics === undefined ? [] : [{ ...picture, views: metrics }]
  })
}

type Exports =
  | (NonNullable<RegionSources['search']> & {
      /** Days that the figures are of. */
      readonly days: { readonly recent: number; readonly earlier: number }
    })
  | null

/** Returns imported figures: of the API if enough days were imported, else of the last exports. */
async function comparedSearch({ registry, store }: Sources, site: SiteId, end: number): Promise<Exports> {
  const figures = await comparedFigures({ registry, store }, site, end)
  if (figures === null) return latestExports(registry, site, end)
  const { recent, earlier } = figures
  return {
    recent: recent.period,
    earlier: earlier.period,
    days: { recent: recent.days, earlier: earlier.days },
    of: (country) => ({
      recent: inCountry(recent.countries, country),
      earlier: inCountry(earlier.countries, country),
    }),
  }
}

function inCountry(figures: readonly CountryFigures[], country: string): CountryFigures {
  return (
    figures.find((of) => of.country === country) ?? { country, clicks: 0, impressions: 0, position: null }
  )
}

/** An export is too old when it ends this many days before the compared weeks. */
const maxAgeDays = 21
const dayMs = 86_400_000

/** Returns the last two exports that can be compared, if they are of about the compared weeks. */
async function latestExports(
  { searchExports }: Sources['registry'],
  site: SiteId,
  end: number,
): Promise<Exports> {
  const periods = await searchExports.list(site)
  const isRecent = ({ lastDay }: SearchPeriod) => Math.abs(Date.parse(lastDay) - end) <= maxAgeDays * dayMs
  const pairs = periods.filter(isRecent).flatMap((recent) => {
    const earlier = periods.find((other) => areComparable(recent, other))
    return earlier === undefined ? [] : [{ recent, earlier }]
  })
  const [pair] = pairs
  if (pair === undefined) return null
  const [recent, earlier] = await Promise.all([
    searchExports.countries(site, pair.recent),
    searchExports.countries(site, pair.earlier),
  ])
  const days = ({ firstDay, lastDay }: SearchPeriod): SearchPeriod => ({ firstDay, lastDay })
  return {
    recent: days(pair.recent),
    earlier: days(pair.earlier),
    days: { recent: dayCount(pair.recent), earlier: dayCount(pair.earlier) },
    of: (country) => ({ recent: inCountry(recent, country), earlier: inCountry(earlier, country) }),
  }
}

interface EvidenceSources {
  readonly countries: readonly BreakdownRow[]
  readonly before: readonly BreakdownRow[]
  readonly search: Exports
}

function evidenceOf(country: string, { countries, before, search }: EvidenceSources): RegionEvidence {
  const experience = (rows: readonly BreakdownRow[]) => {
    const row = rows.find(({ key }) => key === country)
    return row === undefined ? null : experienceOf(row.metrics)
  }
  const figures = search?.of(country) ?? null
  return {
    recent: experience(countries),
    earlier: experience(before),
    elsewhere: elsewhereOf(countries, country),
    search:
      search === null || figures === null
        ? null
        : {
            recent: perDay(figures.recent, search.days.recent),
            earlier: perDay(figures.earlier, search.days.earlier),
          },
  }
}

function perDay({ clicks, impressions, position }: CountryFigures, days: number) {
  return { clicks: clicks / days, impressions: impressions / days, position, days }
}
