import { type MetricPath, type Metrics, metricsByPath } from './catalogue/catalogue.ts'
import { enoughSamples, type Quantile, type Ratings } from './values.ts'
import { wilson } from './proportion.ts'

/** The one number of a metric by which values are ordered and compared, with its 95 % interval where one is known. */
export interface Scalar {
  readonly value: number
  /** null: no interval is known, because the values of one view depend on each other. */
  readonly interval: { readonly low: number; readonly high: number } | null
  /** Views that the value is made of; null where no number of views tells how certain it is. */
  readonly samples: number | null
  readonly enough: boolean
}

/**
 * Returns the number of a metric: of a percentile its value, of ratings the share of good views, of a verdict 1 for passing
 * and 0 for failing. null: it was not measured.
 */
export function scalarOf(metrics: Metrics, path: MetricPath): Scalar | null {
  const metric = metricsByPath.get(path)
  const value = path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Readonly<Record<string, unknown>>)[name], metrics)
  if (metric === undefined || value === null || value === undefined) return null
  if (metric.kind === 'percentile') return ofQuantile(value as Quantile)
  if (metric.kind === 'ratings') return ofRatings(value as Ratings)
  if (metric.kind === 'verdict') return value === 'unknown' ? null : plain(value === 'yes' ? 1 : 0)
  const trials = metrics.trials?.get(path)
  if (trials !== undefined) return ofTrials(trials.part, trials.whole)
  return plain(value as number)
}

function plain(value: number): Scalar {
  return { value, interval: null, samples: null, enough: false }
}

function ofQuantile({ value, low, high, samples, enough }: Quantile): Scalar {
  return { value, interval: { low, high }, samples, enough }
}

function ofRatings({ good, needsImprovement, poor }: Ratings): Scalar | null {
  return ofTrials(good, good + needsImprovement + poor)
}

function ofTrials(part: number, whole: number): Scalar | null {
  const interval = wilson(part, whole)
  if (interval === null) return null
  return { value: part / whole, interval, samples: whole, enough: whole >= enoughSamples }
}
