import type { Arrivals, BreakdownRow, Reports, SeriesPoint } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { queryStore } from '../reports/query-store.ts'
import { section } from '../reports/section.ts'
import { isFieldSelected, selectionOf } from '../reports/selected-metrics.ts'
import { builder } from '../schema/builder.ts'
import { dimension, interval } from './enums.ts'
import { compareField, type ExperimentOf, measuredDays, resolveCompare } from './comparisons.ts'
import { comparison, experiment } from './experiment.ts'
import { work } from '../limits/work.ts'
import { metrics } from './metrics.ts'
import type { SiteReportQuery } from './report-query.ts'
import { botViews, dropCount } from './reception.ts'
import { resolveRows, rowsField } from './rows.ts'
import { searchEngagement } from './search-engagement.ts'
import { sessions } from './sessions.ts'

const maxSeriesPoints = 1500
const maxBreakdownRows = 500
const intervalMs = {
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 7 * 86_400_000,
  MONTH: 28 * 86_400_000,
} as const

const seriesPoint = builder.objectRef<SeriesPoint>('SeriesPoint').implement({
  description: 'The views that started within one interval.',
  fields: (t) => ({
    start: t.expose('start', { type: 'DateTime', description: 'First moment of the interval.' }),
    metrics: t.expose('metrics', { type: metrics, description: 'The metrics of these views.' }),
  }),
})

const breakdownRow = builder.objectRef<BreakdownRow>('BreakdownRow').implement({
  description: 'The views that share one value of a dimension.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: true, description: 'null: the value is not known.' }),
    metrics: t.expose('metrics', { type: metrics, description: 'The metrics of these views.' }),
  }),
})

const arrivals = builder.objectRef<Arrivals>('Arrivals').implement({
  description:
    'How many of the reports that browsers numbered were received. A gap in the numbers of a view is a lost report; the next report replaced it.',
  fields: (t) => ({
    sent: t.expose('sent', { type: 'Count', description: 'Reports that browsers numbered.' }),
    received: t.expose('received', { type: 'Count', description: 'Those that arrived.' }),
    lossRatio: t.exposeFloat('loss', {
      nullable: true,
      description: 'Reports that are missing ÷ reports sent, 0-1; null when none was sent.',
    }),
  }),
})

/** Queries the store for a figure: {@link queryStore} refuses the request when it fails, {@link section} makes it null. */
type Ask = <Answer>(context: RequestContext, query: (reports: Reports) => Promise<Answer>) => Promise<Answer>

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Found> ? Found : never

/** The figures of a report as fields. Each is a query to the store. */
function figureFields(
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, SiteReportQuery>,
  { ask, nullable }: { readonly ask: Ask; readonly nullable: boolean },
) {
  return {
    totals: t.field({
      nullable,
      complexity: work.query,
      type: metrics,
      description: 'The metrics of all views.',
      resolve: (query, _args, context, info) =>
        ask(context, (reports) => reports.totals({ ...query, ...selectionOf(info) })),
    }),
    sessions: t.field({
      nullable,
      complexity: work.query,
      type: sessions,
      description:
        'The sessions with a view that matches the filter. All views of such a session in the range count.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.sessions(query)),
    }),
    visitors: t.field({
      nullable: true,
      type: 'Count',
      complexity: work.query,
      description:
        'The sum of the readers of each UTC day: a reader with views on two days counts twice. null: no view has a visitor id.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.visitors(query)),
    }),
    arrivals: t.field({
      nullable,
      complexity: work.query,
      type: arrivals,
      description: 'How many reports of browsers arrived.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.arrivals(query)),
    }),
    bots: t.field({
      nullable,
      complexity: work.query,
      type: botViews,
      description: 'Views of bots, which no other figure counts.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.bots(query)),
    }),
    drops: t.field({
      nullable,
      complexity: work.query,
      type: [dropCount],
      description:
        'Dropped beacons of the site by reason, most first. The filter does not apply, and hours count as a whole.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.drops(query)),
    }),
    experiment: t.field({
      nullable,
      complexity: work.query,
      type: experiment,
      description: 'The filter applies, except one by arm.',
      resolve: async (query, _args, context): Promise<ExperimentOf> => {
        const found = await ask(context, (reports) => reports.experiment(query))
        return { ...found, days: measuredDays(query) }
      },
    }),
    comparison: t.field({
      nullable,
      // It needs the totals of both ranges.
      complexity: 2 * work.query,
      type: comparison,
      description:
        'Against the range of the same length right before. `compare` compares every metric, with any range.',
      resolve: (query, _args, context) => ask(context, (reports) => reports.comparison(query)),
    }),
    series: t.field({
      nullable,
      complexity: (args) => (intervalMs[args.interval] < intervalMs.DAY ? 2 : 1) * work.query,
      type: [seriesPoint],
      description: `Every interval of the range, oldest first, including those without views; ${maxSeriesPoints} at most.`,
      args: {
        interval: t.arg({ type: interval, required: true, description: 'The length of each interval.' }),
        timeZone: t.arg.string({
          description:
            "The time zone of days, weeks and months, as in the IANA database: Europe/Amsterdam. The default is the site's.",
        }),
      },
      resolve: (query, args, context, info) => {
        const points = (query.to.getTime() - query.from.getTime()) / intervalMs[args.interval]
        if (points > maxSeriesPoints) {
          throw new ApiError(
            'BAD_USER_INPUT',
            `A series has ${maxSeriesPoints} points at most; take a longer interval.`,
          )
        }
        const selected = { ...query, ...selectionOf(info, ['metrics']) }
        return ask(context, (reports) =>
          reports.series(selected, args.interval, args.timeZone ?? query.timeZone),
        )
      },
    }),
    breakdown: t.field({
      nullable,
      complexity: ({ first }) => (first > 250 ? 2 : 1) * work.query,
      type: [breakdownRow],
      description: 'The values of a dimension with most views, most first.',
      args: {
        by: t.arg({ type: dimension, required: true, description: 'The dimension.' }),
        first: t.arg.int({
          defaultValue: 50,
          required: true,
          description: `Number of values, 1 to ${maxBreakdownRows}.`,
        }),
      },
      resolve: (query, { by, first }, context, info) => {
        if (first < 1 || first > maxBreakdownRows) {
          throw new ApiError('BAD_USER_INPUT', `A breakdown has 1 to ${maxBreakdownRows} rows.`)
        }
        const selected = { ...query, ...selectionOf(info, ['metrics']) }
        return ask(context, (reports) => reports.breakdown(selected, by, first))
      },
    }),
  }
}

const sections = builder.objectRef<SiteReportQuery>('ReportSections').implement({
  description:
    'The figures of a report. One that fails or takes too long is null, with an entry in `errors`, and the others are answered.',
  fields: (t) => figureFields(t, { ask: section, nullable: true }),
})

/** The report on the views of a query. */
export const report = builder.objectRef<SiteReportQuery>('Report').implement({
  description:
    'What was measured in a range of time. If a figure that cannot be null fails, the whole request is refused; `sections` has the same figures for pages that show the rest.',
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'The first moment of the range.' }),
    to: t.expose('to', { type: 'DateTime', description: 'The first moment after the range.' }),
    timeZone: t.exposeString('timeZone', { description: "The time zone of the site's days." }),
    sections: t.field({
      type: sections,
      description: 'The figures of which each may fail alone.',
      resolve: (query) => query,
    }),
    ...figureFields(t, { ask: queryStore, nullable: false }),
    rows: t.field({
      ...rowsField,
      nullable: true,
      resolve: (query, args, context, info) =>
        resolveRows(query, args, context, {
          ...selectionOf(info, ['edges', 'node', 'metrics'], ['nodes', 'metrics'], ['remainder', 'metrics']),
          withRemainder: isFieldSelected(info, 'remainder'),
        }),
    }),
    compare: t.field({
      ...compareField,
      nullable: true,
      complexity: 2 * work.query,
      resolve: resolveCompare,
    }),
    search: t.field({
      type: searchEngagement,
      description: 'Visits that search engines and assistants led to the site.',
      resolve: (query) => query,
    }),
  }),
})
