import type { Arrivals, BreakdownRow, ReportQuery, SeriesPoint, Sessions } from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import { queryStore } from '../reports/query-store.ts'
import { selectedMetrics } from '../reports/selected-metrics.ts'
import { builder } from '../schema/builder.ts'
import { dimension, interval } from './enums.ts'
import { comparison, experiment } from './experiment.ts'
import { work } from '../limits/work.ts'
import { metrics } from './metrics.ts'
import { botViews, dropCount } from './reception.ts'

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
    start: t.expose('start', { type: 'DateTime' }),
    metrics: t.expose('metrics', { type: metrics }),
  }),
})

const breakdownRow = builder.objectRef<BreakdownRow>('BreakdownRow').implement({
  description: 'The views that share one value of a dimension.',
  fields: (t) => ({
    key: t.exposeString('key', { nullable: true, description: 'null: the value is not known.' }),
    metrics: t.expose('metrics', { type: metrics }),
  }),
})

const arrivals = builder.objectRef<Arrivals>('Arrivals').implement({
  description:
    'How many of the reports that browsers numbered came in. A gap in the numbers of a view is a report that was lost; the next one replaced it.',
  fields: (t) => ({
    sent: t.exposeInt('sent'),
    received: t.exposeInt('received'),
    lossRatio: t.exposeFloat('loss', {
      nullable: true,
      description: 'Reports that are missing ÷ reports sent, 0-1; null when none was sent.',
    }),
  }),
})

const sessions = builder.objectRef<Sessions>('Sessions').implement({
  description: 'How readers went from view to view. null: there was no session to tell it by.',
  fields: (t) => ({
    count: t.exposeInt('count'),
    viewsPerSession: t.exposeFloat('viewsPerSession', { nullable: true }),
    engagedRatio: t.exposeFloat('engaged', {
      nullable: true,
      description: 'Sessions with two views or more, or with 10 s of attention, ÷ sessions, 0-1.',
    }),
    bounceRatio: t.exposeFloat('bounce', {
      nullable: true,
      description: 'Sessions that were not engaged ÷ sessions, 0-1.',
    }),
  }),
})

/** The report over the views a query selects. Each of its fields is a query to the store of its own. */
export const report = builder.objectRef<ReportQuery>('Report').implement({
  description: 'What was measured in a range of time.',
  fields: (t) => ({
    totals: t.field({
      complexity: work.query,
      type: metrics,
      resolve: (query, _args, context, info) =>
        queryStore(context, (reports) => reports.totals({ ...query, metrics: selectedMetrics(info) })),
    }),
    sessions: t.field({
      complexity: work.query,
      type: sessions,
      description:
        'The sessions with a view that the filter chooses, each judged by all its views in the range.',
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.sessions(query)),
    }),
    visitors: t.int({
      complexity: work.query,
      nullable: true,
      description:
        'Readers of each UTC day, added up over the days: who comes on two days counts twice. null: no view tells its visitor.',
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.visitors(query)),
    }),
    arrivals: t.field({
      complexity: work.query,
      type: arrivals,
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.arrivals(query)),
    }),
    bots: t.field({
      complexity: work.query,
      type: botViews,
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.bots(query)),
    }),
    drops: t.field({
      complexity: work.query,
      type: [dropCount],
      description:
        'What was not kept of what the site was sent, most first. The filter does not apply, and hours count as a whole.',
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.drops(query)),
    }),
    experiment: t.field({
      complexity: work.query,
      type: experiment,
      description: 'The filter applies, except one by arm.',
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.experiment(query)),
    }),
    comparison: t.field({
      // Totals of both ranges.
      complexity: 2 * work.query,
      type: comparison,
      resolve: (query, _args, context) => queryStore(context, (reports) => reports.comparison(query)),
    }),
    series: t.field({
      complexity: (args) => (intervalMs[args.interval] < intervalMs.DAY ? 2 : 1) * work.query,
      type: [seriesPoint],
      description: `Every interval of the range, oldest first, also those without views; ${maxSeriesPoints} at most.`,
      args: {
        interval: t.arg({ type: interval, required: true }),
        timeZone: t.arg.string({
          defaultValue: 'UTC',
          required: true,
          description: 'Whose days, weeks and months are meant, as in the IANA database: Europe/Amsterdam.',
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
        const selected = { ...query, metrics: selectedMetrics(info, ['metrics']) }
        return queryStore(context, (reports) => reports.series(selected, args.interval, args.timeZone))
      },
    }),
    breakdown: t.field({
      complexity: ({ first }) => (first > 250 ? 2 : 1) * work.query,
      type: [breakdownRow],
      description: 'The values of a dimension with most views, most first.',
      args: {
        by: t.arg({ type: dimension, required: true }),
        first: t.arg.int({ defaultValue: 50, required: true }),
      },
      resolve: (query, { by, first }, context, info) => {
        if (first < 1 || first > maxBreakdownRows) {
          throw new ApiError('BAD_USER_INPUT', `A breakdown has 1 to ${maxBreakdownRows} rows.`)
        }
        const selected = { ...query, metrics: selectedMetrics(info, ['metrics']) }
        return queryStore(context, (reports) => reports.breakdown(selected, by, first))
      },
    }),
  }),
})
