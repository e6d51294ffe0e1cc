import type { ViewRow } from '../view-row.ts'
import { type Quantile, ratio, type Ratings, type Verdict } from '../values.ts'

/** A number of each view that reports sum. The rollups have a column of the same name that holds such sums. */
export interface Figure {
  readonly name: string
  /** SQL of the number that one view adds, over a row of `snapshots`. */
  readonly ofView: string
  /** Type of the rollups' column. */
  readonly type: 'UInt64' | 'Float64'
}

/** A measured value of each view that reports take one percentile of. The rollups count its values in bins. */
export interface Measure {
  /** The column of `snapshots`. The rollups' columns are named after it. */
  readonly name: keyof ViewRow
  /** Which percentile, ratio 0-1. */
  readonly p: number
  /** Multiplies values before they are put into bins. Bins do not distinguish scaled values below 1. */
  readonly scale: number
  /** No scaled value is above it. */
  readonly max?: number
  /** Browsers round scaled values to multiples of it. */
  readonly step?: number
}

/**
 * How a metric's value is rounded. `exact`: not at all. `capped`: at most 2^53 - 1, because a sum of forged beacons must not
 * make a report unreadable. `binned`: exact for few views; for many, interpolated within bins that are 2 % wide.
 */
export type Rounding = 'exact' | 'capped' | 'binned'

/** What a value of a metric is. It decides the metric's type in the graph. */
export type Kind = 'count' | 'bytes' | 'number' | 'ratio' | 'percentile' | 'ratings' | 'verdict'

/** One entry of the catalogue: how a metric is named, described and computed. */
export interface Metric<Value = unknown> {
  readonly kind: Kind
  /** Name for people. */
  readonly label: string
  /** Name where there is little room. */
  readonly shortLabel: string
  readonly unit: string
  /** One sentence of behaviour, with the formula of a ratio and the meaning of null. */
  readonly description: string
  readonly rounding: Rounding
  /** Whether the value may be null: not measured, which is not 0. */
  readonly isNullable: boolean
  /** How the value follows from the sums and percentiles, for people. */
  readonly formula: string
  readonly figures: readonly Figure[]
  readonly measures: readonly Measure[]
  readonly compute: (aggregates: Aggregates) => Value
  /** The counts behind a share of views: those that succeeded, and all. The share's interval is computed from both. */
  readonly trials?: { readonly part: Figure; readonly whole: Figure }
}

/** The aggregates over a set of views from which metrics are computed. */
export interface Aggregates {
  readonly sum: (figure: Figure) => number
  readonly percentile: (measure: Measure) => Quantile | null
}

/** The texts that every entry has. */
interface Texts {
  readonly label: string
  /** @default label */
  readonly shortLabel?: string
  readonly description: string
}

/** Metrics that belong together. They are one type of the graph. */
export interface Group {
  readonly kind: 'group'
  readonly typeName: string
  readonly description: string
  readonly members: Readonly<Record<string, Metric | Group>>
}

/** A number that one view adds to a sum. `ofView` is SQL of an unsigned integer. */
export function figure(name: string, ofView: string): Figure {
  return { name, ofView: `toUInt64(${ofView})`, type: 'UInt64' }
}

/** The same for a number that is no integer. */
export function realFigure(name: string, ofView: string): Figure {
  return { name, ofView, type: 'Float64' }
}

/** A metric that is a sum of integers. */
export function count({
  figure: summed,
  unit,
  ...texts
}: Texts & SumOf & { readonly unit: string }): Metric<number> {
  return { ...named(texts), ...summing([summed]), kind: 'count', unit, rounding: 'capped' }
}

/** A metric that is a sum of bytes. */
export function bytes({ figure: summed, ...texts }: Texts & SumOf): Metric<number> {
  return { ...named(texts), ...summing([summed]), kind: 'bytes', unit: 'bytes', rounding: 'capped' }
}

/** A metric that is a sum of bytes, and null unless `measured` is above 0. */
export function bytesWhereMeasured({
  figures,
  measured,
  ...texts
}: Texts & { readonly figures: readonly Figure[]; readonly measured: Figure }): Metric<number | null> {
  const { compute, formula } = summing(figures)
  return {
    ...named(texts),
    kind: 'bytes',
    unit: 'bytes',
    rounding: 'capped',
    isNullable: true,
    formula,
    figures: [...figures, measured],
    measures: [],
    compute: (aggregates) => (aggregates.sum(measured) === 0 ? null : compute(aggregates)),
  }
}

/** A metric that is the sum of one figure ÷ the sum of others, null when the others are 0. */
export function ratioOf({
  part,
  whole,
  ...texts
}: Texts & { readonly part: Figure; readonly whole: readonly Figure[] }): Metric<number | null> {
  const names = whole.map(({ name }) => name).join(' + ')
  return computed({
    ...texts,
    formula: `${part.name} ÷ ${whole.length > 1 ? `(${names})` : names}`,
    figures: [part, ...whole],
    compute: ({ sum }) =>
      ratio(
        sum(part),
        whole.reduce((total, each) => total + sum(each), 0),
      ),
  })
}

/** A ratio 0-1 with a formula of its own. */
export function computed({
  formula,
  figures,
  measures = [],
  compute,
  ...texts
}: Texts &
  Pick<Metric<number | null>, 'formula' | 'figures' | 'compute'> & {
    readonly measures?: readonly Measure[]
  }): Metric<number | null> {
  return {
    ...named(texts),
    kind: 'ratio',
    unit: 'ratio 0-1',
    rounding: 'exact',
    isNullable: true,
    formula,
    figures,
    measures,
    compute,
  }
}

/** A {@link ratioOf} whose part is some of the views of its whole. */
export function shareOfViews({
  part,
  whole,
  ...texts
}: Texts & { readonly part: Figure; readonly whole: Figure }): Metric<number | null> {
  return { ...ratioOf({ ...texts, part, whole: [whole] }), trials: { part, whole } }
}

/** A metric that says whether views passed: `unknown` if too few were measured. */
export function verdict({
  formula,
  figures,
  measures,
  compute,
  ...texts
}: Texts & Pick<Metric<Verdict>, 'formula' | 'figures' | 'measures' | 'compute'>): Metric<Verdict> {
  return {
    ...named(texts),
    kind: 'verdict',
    unit: 'yes, no or unknown',
    rounding: 'exact',
    isNullable: false,
    formula,
    figures,
    measures,
    compute,
  }
}

/** A metric that is a percentile of a measure. */
export function percentile({
  measure,
  unit,
  ...texts
}: Texts & { readonly measure: Measure; readonly unit: string }): Metric<Quantile | null> {
  return {
    ...named(texts),
    kind: 'percentile',
    unit,
    rounding: 'binned',
    isNullable: true,
    formula: `${measure.p === 0.5 ? 'median' : `percentile ${100 * measure.p}`} of ${measure.name}`,
    figures: [],
    measures: [measure],
    compute: (aggregates) => aggregates.percentile(measure),
  }
}

/** A metric that counts the views with a good, a middling and a poor value of a measure. */
export function ratings({
  measure,
  good,
  poor,
  ...texts
}: Texts & {
  readonly measure: Measure
  readonly good: Figure
  readonly poor: Figure
}): Metric<Ratings | null> {
  return {
    ...named(texts),
    kind: 'ratings',
    unit: 'views',
    rounding: 'exact',
    isNullable: true,
    formula: `${good.name}; samples of ${measure.name} - ${good.name} - ${poor.name}; ${poor.name}`,
    figures: [good, poor],
    measures: [measure],
    compute: ({ sum, percentile: percentileOf }) => {
      const samples = percentileOf(measure)?.samples
      if (samples === undefined) return null
      return { good: sum(good), needsImprovement: samples - sum(good) - sum(poor), poor: sum(poor) }
    },
  }
}

/** A metric that is a sum of numbers that are no integers. */
export function number({
  figure: summed,
  unit,
  ...texts
}: Texts & SumOf & { readonly unit: string }): Metric<number> {
  return {
    ...named(texts),
    ...summing([summed]),
    compute: ({ sum }) => sum(summed),
    kind: 'number',
    unit,
    rounding: 'exact',
  }
}

interface SumOf {
  readonly figure: Figure
}

function named({ label, shortLabel = label, description }: Texts): Required<Texts> {
  return { label, shortLabel, description }
}

function summing(
  figures: readonly Figure[],
): Pick<Metric<number>, 'isNullable' | 'formula' | 'figures' | 'measures' | 'compute'> {
  return {
    isNullable: false,
    formula: figures.map(({ name }) => name).join(' + '),
    figures,
    measures: [],
    compute: ({ sum }) =>
      Math.min(
        figures.reduce((total, each) => total + sum(each), 0),
        Number.MAX_SAFE_INTEGER,
      ),
  }
}
