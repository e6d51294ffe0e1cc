import {
  arms,
  type Dimension,
  devices,
  dimensions,
  intervals,
  type MetricPath,
  metricPaths,
  metricsByPath,
  measureNames,
  type RangeName,
  rangeNames,
  type Verdict,
  verdicts,
} from '@peerpress/store'
import { consents } from '@peerpress/registry'
import { modes } from '@peerpress/wire'
import { builder } from '../schema/builder.ts'

export const arm = builder.enumType('Arm', {
  description:
    'The arms of the experiment. ASSISTED: eligible readers with assistance. CONTROL: eligible readers that a draw left on the origin. INELIGIBLE: readers that cannot take part.',
  values: upperCased(arms),
})

export const device = builder.enumType('Device', {
  description: "The class of the reader's device.",
  values: upperCased(devices),
})

export const interval = builder.enumType('Interval', {
  description: 'Length of the intervals of a series. A week begins on Monday.',
  values: intervals,
})

export const consent = builder.enumType('Consent', {
  description: 'The consent that readers give before their browsers exchange data with other browsers.',
  values: upperCased(consents),
})

export const mode = builder.enumType('Mode', {
  description:
    'The peers that may assist readers. FULL: other readers of the same post, and seeds. SEEDS_ONLY: the seeds of the site alone. OFF: none.',
  values: upperCased(modes),
})

const dimensionTexts: Readonly<Record<Dimension, string>> = {
  country: "The reader's country, ISO 3166-1 alpha-2.",
  subdivision: "The reader's region in the country, ISO 3166-2.",
  network: "The reader's network: the autonomous system, such as AS3320 Deutsche Telekom.",
  post: "The post's postId.",
  arm: 'The arm of the experiment: assisted, control or ineligible.',
  device: 'The class of the device.',
  browser: 'The browser without its version.',
  connection: 'The effective connection type that the browser reports, such as 4g.',
  referrer: 'The host of the page that led to the view.',
  referrer_class: 'The kind of that page, such as search or assistant.',
  search_engine: 'The search engine that led to the view.',
  assistant: 'The AI assistant that led to the view.',
  campaign_source: 'utm_source of the URL.',
  campaign_medium: 'utm_medium of the URL.',
  campaign_name: 'utm_campaign of the URL.',
  campaign_term: 'utm_term of the URL.',
  campaign_content: 'utm_content of the URL.',
  url: 'The URL of the page.',
  lcp_target: 'The selector of the element with the largest paint.',
  lcp_url: 'The URL of the resource with the largest paint.',
  inp_target: 'The selector of the element with the slowest interaction.',
  cls_target: 'The selector of the element that shifted most.',
}

export const dimension = builder.enumType('Dimension', {
  description: 'Properties of a view by which rows are grouped and views are filtered.',
  values: upperCased<Dimension>(dimensions, dimensionTexts),
})

/** Returns a metric's name in the graph: SPEED_LCP for `speed.lcp`. */
export function nameOfMetric(path: MetricPath): string {
  return path
    .replaceAll('.', '_')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toUpperCase()
}

export const metricName = builder.enumType('MetricName', {
  description: 'The metrics of a report, by their path in Metrics.',
  values: Object.fromEntries(
    metricPaths.map((path) => [
      nameOfMetric(path),
      { value: path, description: metricsByPath.get(path)?.description ?? path },
    ]),
  ) as Record<string, { readonly value: MetricPath; readonly description: string }>,
})

export const measuredValue = builder.enumType('MeasuredValue', {
  description: 'Measured values of a view of which any percentile can be computed.',
  values: {
    LCP: { value: measureNames[0], description: 'Largest Contentful Paint, ms.' },
    INP: { value: measureNames[1], description: 'Interaction to Next Paint, ms.' },
    CLS: { value: measureNames[2], description: 'Cumulative Layout Shift, a score.' },
    FCP: { value: measureNames[3], description: 'First Contentful Paint, ms.' },
    TTFB: { value: measureNames[4], description: 'Time to First Byte, ms.' },
    LOAD: { value: measureNames[5], description: 'End of the load event, ms.' },
    LONG_FRAME_TIME: { value: measureNames[6], description: 'Total duration of long animation frames, ms.' },
    ENGAGED_MS: { value: measureNames[7], description: 'Time visible and focused, ms.' },
    SCROLL_DEPTH: { value: measureNames[8], description: 'Furthest point reached, 0-1.' },
  },
})

const rangeTexts: Readonly<Record<RangeName, string>> = {
  today: 'The day of the request.',
  yesterday: 'The day before.',
  last_7_days: 'Seven days, the last of which is today.',
  last_28_days: '28 days, the last of which is today.',
  last_30_days: '30 days, the last of which is today.',
  last_90_days: '90 days, the last of which is today.',
  last_365_days: '365 days, the last of which is today.',
  this_week: 'From Monday to today.',
  last_week: 'The week before, Monday to Sunday.',
  this_month: 'From the first of the month to today.',
  last_month: 'The month before.',
  this_quarter: 'From the first day of the quarter to today.',
  last_quarter: 'The quarter before.',
  this_year: 'From January 1st to today.',
  last_year: 'The year before.',
}

export const rangeName = builder.enumType('RangeName', {
  description: "Ranges of whole days of the site's time zone.",
  values: upperCased<RangeName>(rangeNames, rangeTexts),
})

export const orderDirection = builder.enumType('OrderDirection', {
  description: 'The order of rows. Rows in which the metric was not measured come last in both.',
  values: {
    ASC: { value: 'asc', description: 'Lowest value first.' },
    DESC: { value: 'desc', description: 'Highest value first.' },
  } as const,
})

const verdictTexts = {
  yes: 'It passes.',
  no: 'It fails.',
  unknown: 'Too few views were measured to say.',
} as const

export const verdict = builder.enumType('Verdict', {
  description: 'Whether views passed a test.',
  values: upperCased<Verdict>(verdicts, verdictTexts),
})

/**
 * Returns enum values in GraphQL's spelling, each mapped to the internal spelling.
 * @param texts the description of each
 */
export function upperCased<Value extends string>(
  values: readonly Value[],
  texts?: Readonly<Record<Value, string>>,
): Record<EnumName<Value>, { readonly value: Value; readonly description?: string }> {
  return Object.fromEntries(
    values.map((value) => [
      value.toUpperCase().replaceAll('-', '_'),
      { value, ...(texts !== undefined && { description: texts[value] }) },
    ]),
  ) as Record<EnumName<Value>, { readonly value: Value; readonly description?: string }>
}

type EnumName<Value extends string> = Value extends `${infer Head}-${infer Tail}`
  ? `${Uppercase<Head>}_${EnumName<Tail>}`
  : Uppercase<Value>
