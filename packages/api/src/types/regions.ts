import type {
  EngineVisits,
  LanguageFigures,
  Region,
  RegionVisibility,
  SiteRegions,
} from '@peerpress/insights'
import { addWeeks } from '@peerpress/store'
import { work } from '../limits/work.ts'
import { otherSection } from '../reports/section.ts'
import { builder } from '../schema/builder.ts'
import { upperCased } from './enums.ts'
import { reason } from './reason.ts'
import { site } from './site.ts'

const regionsState = builder.enumType('RegionsState', {
  description:
    'TESTED: the regions were tested. TOO_FEW_WEEKS: visits from search engines were counted in too few of the 28 weeks.',
  values: upperCased(['tested', 'too-few-weeks']),
})

const season = builder.enumType('Season', {
  description:
    'SUBTRACTED: the change of the same weeks of the year before was subtracted. UNKNOWN: there are fewer than two years of data, so that a fall may be that of the season.',
  values: upperCased(['subtracted', 'unknown']),
})

const periodVisits = builder.objectRef<Region['recent']>('PeriodVisits').implement({
  description: 'Visits of a region from search engines in some weeks.',
  fields: (t) => ({
    weekly: t.exposeFloat('weekly', { description: 'Mean per week.' }),
    share: t.exposeFloat('share', { description: 'Of all visits of the site, 0-1.' }),
  }),
})

const regionTest = builder.objectRef<NonNullable<Region['test']>>('RegionTest').implement({
  description: "The test whether a region's share of the site's search visits fell.",
  fields: (t) => ({
    oddsRatio: t.exposeFloat('oddsRatio', {
      description:
        'Odds of the recent share ÷ odds of the earlier one, the season subtracted if it is known.',
    }),
    pValue: t.exposeFloat('pValue', {
      description: "One-sided pooled t-test on weekly log-odds, widened by the weeks' autocorrelation.",
    }),
    adjustedPValue: t.exposeFloat('adjustedPValue', {
      description: 'After Benjamini and Hochberg over all tested regions. A region lags up to 0.1.',
    }),
    autocorrelation: t.exposeFloat('autocorrelation', {
      description: 'Between a week and the next, 0-1.',
    }),
  }),
})

const regionWeek = builder
  .objectRef<{ readonly start: Date; readonly visits: number }>('RegionWeek')
  .implement({
    description: 'Visits of a region from search engines in one week.',
    fields: (t) => ({
      start: t.expose('start', { type: 'DateTime', description: 'Monday, 00:00 UTC.' }),
      visits: t.exposeFloat('visits'),
    }),
  })

const engineVisits = builder.objectRef<EngineVisits>('EngineVisits').implement({
  description: 'Visits of a region that one search engine led to, mean per week.',
  fields: (t) => ({
    engine: t.exposeString('engine', {
      nullable: true,
      description: 'As in a breakdown by SEARCH_ENGINE; null if it is not known.',
    }),
    recent: t.exposeFloat('recent', { description: 'In the last 4 weeks.' }),
    earlier: t.exposeFloat('earlier', { description: 'In the 24 weeks before.' }),
  }),
})

type SearchFigures = NonNullable<Region['search']>['recent']

const searchFigures = builder.objectRef<SearchFigures>('SearchFigures').implement({
  description: 'What a search engine showed of the site in a country, in all days of an export.',
  fields: (t) => ({
    clicks: t.exposeFloat('clicks'),
    impressions: t.exposeFloat('impressions'),
    position: t.exposeFloat('position', {
      nullable: true,
      description: 'Mean position in the results, 1 is first; null without impressions.',
    }),
  }),
})

const searchComparison = builder.objectRef<NonNullable<Region['search']>>('SearchComparison').implement({
  description: 'Imported figures of a region, of the days of both exports.',
  fields: (t) => ({
    recent: t.expose('recent', { type: searchFigures }),
    earlier: t.expose('earlier', { type: searchFigures }),
  }),
})

/** A region, and the end of the compared weeks, epoch ms. */
type RegionOf = Region & { readonly end: number }

const region = builder.objectRef<RegionOf>('Region').implement({
  description: "How a country's visits from search engines changed: the last 4 weeks against the 24 before.",
  fields: (t) => ({
    country: t.exposeString('country', { description: 'ISO 3166-1 alpha-2.' }),
    lags: t.exposeBoolean('lags', {
      nullable: true,
      description:
        'Whether it lags: odds ratio and visits at most 0.9 of what they were, and an adjusted p-value of at most 0.1. Null without a test.',
    }),
    samples: t.exposeInt('samples', {
      description: 'Measured visits in all compared weeks. A region is tested from 50 on.',
    }),
    recent: t.expose('recent', { type: periodVisits, description: 'The last 4 weeks.' }),
    earlier: t.expose('earlier', { type: periodVisits, description: 'The 24 weeks before.' }),
    visitsRatio: t.exposeFloat('visitsRatio', {
      nullable: true,
      description: 'Recent ÷ earlier visits per week; null when there were none earlier.',
    }),
    test: t.expose('test', { type: regionTest, nullable: true, description: 'Null with too few visits.' }),
    reasons: t.expose('reasons', {
      type: [reason],
      description: 'Why it lags, the most likely reason first. Empty for a region that does not.',
    }),
    weeks: t.field({
      type: [regionWeek],
      description: 'Visits by week, oldest first. Weeks in which nothing was measured are left out.',
      resolve: ({ weeks, end }) =>
        weeks.map(({ week, visits }) => ({ start: new Date(addWeeks(end, week)), visits })),
    }),
    engines: t.expose('engines', { type: [engineVisits], description: 'Most visits first.' }),
    search: t.expose('search', {
      type: searchComparison,
      nullable: true,
      description: "Search Console's figures; null if no exports of these weeks were imported.",
    }),
  }),
})

const subdivision = builder.objectRef<RegionVisibility>('SubdivisionVisibility').implement({
  description:
    "How a subdivision's visits from search engines changed: the last 4 weeks against the 24 before.",
  fields: (t) => ({
    subdivision: t.exposeString('country', { description: 'ISO 3166-2.' }),
    lags: t.exposeBoolean('lags', {
      nullable: true,
      description: 'As for a country. Null without a test.',
    }),
    samples: t.exposeInt('samples', { description: 'Measured visits in all compared weeks.' }),
    recent: t.expose('recent', { type: periodVisits, description: 'The last 4 weeks.' }),
    earlier: t.expose('earlier', { type: periodVisits, description: 'The 24 weeks before.' }),
    visitsRatio: t.exposeFloat('visitsRatio', {
      nullable: true,
      description: 'Recent ÷ earlier visits per week; null when there were none earlier.',
    }),
    test: t.expose('test', { type: regionTest, nullable: true, description: 'Null with too few visits.' }),
  }),
})

const perDay = builder.objectRef<LanguageFigures['recent']>('SearchFiguresPerDay').implement({
  description: 'What a search engine showed, mean per day.',
  fields: (t) => ({
    clicks: t.exposeFloat('clicks', { description: 'How often searchers followed a result.' }),
    impressions: t.exposeFloat('impressions', { description: 'How often the pages were among the results.' }),
  }),
})

const languageFigures = builder.objectRef<LanguageFigures>('LanguageFigures').implement({
  description: "Search Console's figures of the pages in one language. Google reports top rows only.",
  fields: (t) => ({
    language: t.exposeString('language', {
      nullable: true,
      description: 'BCP 47, as the pages name it; null for pages whose language is not known.',
    }),
    recent: t.expose('recent', { type: perDay, description: 'The last 28 imported days.' }),
    earlier: t.expose('earlier', { type: perDay, description: 'The 168 days before.' }),
  }),
})

const siteRegions = builder.objectRef<SiteRegions & { readonly analysedAt: Date }>('SiteRegions').implement({
  description: "The visibility of a site's regions in search engines, as the last analysis found it.",
  fields: (t) => ({
    analysedAt: t.expose('analysedAt', { type: 'DateTime' }),
    state: t.expose('state', { type: regionsState }),
    season: t.expose('season', { type: season }),
    weeks: t.exposeInt('weeks', { description: 'Weeks with visits, of the 28 that are compared.' }),
    end: t.field({
      type: 'DateTime',
      description: 'The compared weeks end here: Monday, 00:00 UTC.',
      resolve: ({ end }) => new Date(end),
    }),
    subdivisions: t.field({
      type: [subdivision],
      description:
        'The same by subdivision, where the server has a file of cities; the lowest odds ratio first.',
      resolve: ({ subdivisions }) => subdivisions ?? [],
    }),
    languages: t.field({
      type: [languageFigures],
      description:
        "By the language of the pages, most impressions first; empty without Search Console's figures.",
      resolve: ({ languages }) => languages ?? [],
    }),
    regions: t.field({
      type: [region],
      description: 'The lowest odds ratio first; regions without a test last.',
      args: {
        lagging: t.arg.boolean({ description: 'true: only those that lag. false: only the others.' }),
      },
      resolve: ({ regions, end }, { lagging }) =>
        regions
          .filter(({ lags }) => lagging == null || (lags ?? false) === lagging)
          .map((each) => ({ ...each, end })),
    }),
  }),
})

builder.objectField(site, 'regions', (t) =>
  t.field({
    type: siteRegions,
    nullable: true,
    description: 'Null before the first analysis. Analyses run each day and after an import.',
    complexity: work.query,
    resolve: ({ id }, _args, context) => otherSection(context, () => context.insights.regions(id)),
  }),
)
