import {
  type Change,
  changesOf,
  daysNeeded,
  type Experiment,
  type MetricPath,
  type Metrics,
  metricPaths,
  metricsByPath,
  previousRange,
  rangeLastYear,
  rangeOfDays,
  StoreError,
  summaryOf,
} from '@peerpress/store'
import { ApiError } from '../api-error.ts'
import type { RequestContext } from '../context.ts'
import { section } from '../reports/section.ts'
import { builder } from '../schema/builder.ts'
import { metricName } from './enums.ts'
import { experiment } from './experiment.ts'
import { daysInput, rangeInput, type SiteReportQuery } from './report-query.ts'

const interval = builder.objectRef<NonNullable<Change['interval']>>('DifferenceInterval').implement({
  description: 'The 95 % confidence interval of a difference.',
  fields: (t) => ({
    low: t.exposeFloat('low', { description: 'Lower end.' }),
    high: t.exposeFloat('high', { description: 'Upper end.' }),
  }),
})

const change = builder.objectRef<Change>('MetricChange').implement({
  description: 'A metric against that of a baseline.',
  fields: (t) => ({
    metric: t.expose('metric', { type: metricName, description: 'The metric.' }),
    label: t.string({
      description: 'Its name for people, in English.',
      resolve: ({ metric }) => metricsByPath.get(metric)?.label ?? metric,
    }),
    unit: t.string({
      description: 'The unit of the values. Ratings are compared by the share of good views.',
      resolve: ({ metric }) => unitOf(metric),
    }),
    value: t.exposeFloat('value', { nullable: true, description: 'null: not measured.' }),
    baseline: t.exposeFloat('baseline', {
      nullable: true,
      description: "The baseline's value; null: not measured.",
    }),
    difference: t.exposeFloat('difference', {
      nullable: true,
      description: 'Value minus baseline; null when one of them was not measured.',
    }),
    ratio: t.exposeFloat('ratio', {
      nullable: true,
      description: 'Difference ÷ baseline; null also when the baseline is 0.',
    }),
    interval: t.expose('interval', {
      type: interval,
      nullable: true,
      description:
        'Of the difference. null for sums, and for shares of bytes or assets: those of one view depend on each other.',
    }),
    enough: t.exposeBoolean('enough', { description: 'Both have enough samples to trust the interval.' }),
    conclusive: t.exposeBoolean('conclusive', {
      description: 'There are enough samples and the interval excludes 0.',
    }),
  }),
})

function unitOf(path: MetricPath): string {
  const metric = metricsByPath.get(path)
  return metric?.kind === 'ratings' ? 'ratio 0-1' : (metric?.unit ?? '')
}

const metricsText = 'Only these metrics, in this order. By default all.'

const baselinePeriod = builder.enumType('BaselinePeriod', {
  description: 'Ranges that a report is compared with.',
  values: {
    PREVIOUS_PERIOD: {
      value: 'previous',
      description:
        'The range of the same length right before. Of whole days it has as many days, whatever their hours.',
    },
    SAME_PERIOD_LAST_YEAR: { value: 'year', description: 'The same dates of the year before.' },
  } as const,
})

interface Compared {
  readonly from: Date
  readonly to: Date
  readonly metrics: Metrics
  readonly baseline: Metrics
  readonly paths: readonly MetricPath[]
}

const comparisonWith = builder.objectRef<Compared>('MetricsComparison').implement({
  description: "The report's range against another one, under the same filter.",
  fields: (t) => ({
    from: t.expose('from', { type: 'DateTime', description: 'First moment of the baseline.' }),
    to: t.expose('to', { type: 'DateTime', description: 'First moment after the baseline.' }),
    changes: t.field({
      type: [change],
      description: 'How each metric changed.',
      resolve: ({ metrics: own, baseline, paths }) => changesOf(own, baseline, paths),
    }),
  }),
})

/** The arguments of `compare`. */
const compareArgs = builder.args((t) => ({
  with: t.field({
    type: baselinePeriod,
    description: 'Give exactly one of with, range and days.',
  }),
  range: t.field({ type: rangeInput, description: 'Any range.' }),
  days: t.field({ type: daysInput, description: "Any days of the site's time zone." }),
  metrics: t.field({ type: [metricName], description: metricsText }),
}))

interface CompareArgs {
  readonly with?: 'previous' | 'year' | null | undefined
  readonly range?: { readonly from: Date; readonly to: Date } | null | undefined
  readonly days?: { readonly first: string; readonly last: string } | null | undefined
  readonly metrics?: readonly MetricPath[] | null | undefined
}

/** The field `compare` of a report. */
export const compareField = {
  type: comparisonWith,
  description: 'Compares the range with the one before, with that of the year before, or with any range.',
  args: compareArgs,
}

/** Resolves {@link compareField}. */
export async function resolveCompare(
  query: SiteReportQuery,
  args: CompareArgs,
  context: RequestContext,
): Promise<Compared> {
  const paths = args.metrics ?? metricPaths
  const range = baselineOf(query, args)
  const selected = { ...query, metrics: paths }
  const [own, baseline] = await section(context, (reports) =>
    Promise.all([reports.totals(selected), reports.totals({ ...selected, ...range })]),
  )
  return { ...range, metrics: own, baseline, paths }
}

function baselineOf(query: SiteReportQuery, args: CompareArgs): { readonly from: Date; readonly to: Date } {
  const { with: period, range, days } = args
  if ([period, range, days].filter((given) => given != null).length !== 1) {
    throw new ApiError('BAD_USER_INPUT', 'Give a comparison exactly one of with, range and days.')
  }
  try {
    const baseline =
      range ?? (days == null ? named(period, query) : rangeOfDays({ ...days, timeZone: query.timeZone }))
    if (baseline.from < baseline.to) return { from: baseline.from, to: baseline.to }
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause
    throw new ApiError('BAD_USER_INPUT', `The comparison makes no sense: ${cause.message}.`, { cause })
  }
  throw new ApiError('BAD_USER_INPUT', 'range.from must be before range.to.')
}

function named(
  period: CompareArgs['with'],
  query: SiteReportQuery,
): { readonly from: Date; readonly to: Date } {
  return period === 'year' ? rangeLastYear(query, query.timeZone) : previousRange(query, query.timeZone)
}

const dayMs = 86_400_000

/** Returns the measured days of a range, of which the future is no part. */
export function measuredDays({ from, to }: { readonly from: Date; readonly to: Date }): number {
  return Math.max(0, (Math.min(to.getTime(), Date.now()) - from.getTime()) / dayMs)
}

/** An experiment, and the length of its measured range. */
export type ExperimentOf = Experiment & { readonly days?: number }

builder.objectFields(experiment, (t) => ({
  changes: t.field({
    type: [change],
    description: 'Assisted minus control, for every metric.',
    args: { metrics: t.arg({ type: [metricName], description: metricsText }) },
    resolve: ({ assisted, control }, { metrics: only }) => changesOf(assisted, control, only ?? metricPaths),
  }),
  summary: t.string({
    description: 'The result as a sentence in English, of the 75th percentile of LCP.',
    resolve: (of: ExperimentOf) => summaryOf(of, of.days ?? 0),
  }),
  daysNeeded: t.int({
    nullable: true,
    description:
      'About how many more days like these are needed to see an effect of 5 % on LCP: 0 when there is a result. null: too few views measured it to say.',
    resolve: (of: ExperimentOf) => daysNeeded(of, of.days ?? 0),
  }),
}))
