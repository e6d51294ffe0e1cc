import { metricPaths, type Selection, selectionOf, wholeSelection } from './catalogue/catalogue.ts'
import type { Measure } from './catalogue/metric.ts'
import { maxQuantiles, type QuantileOf, type ReportQuery } from './report-query.ts'
import { StoreError } from '../store-error.ts'

/** Limits of the percentiles that can be requested, ratio. */
export const quantileLimits = { from: 0.001, to: 0.999 } as const

/** Returns the name of a percentile in `Metrics.quantiles`. */
export const quantileKey = ({ measure, p }: QuantileOf): string => `${measure} ${p}`

/**
 * Returns what a query aggregates: what its metrics need, and after it one measure for each further percentile.
 * @throws {StoreError} `bad-query` for an unknown measure, a percentile out of limits, or too many percentiles
 */
export function selectionFor({
  metrics = metricPaths,
  quantiles = [],
}: Pick<ReportQuery, 'metrics' | 'quantiles'>): Selection {
  const { figures, measures } = selectionOf(metrics)
  return { figures, measures: [...measures, ...measuresOf(quantiles)] }
}

/** Returns the measures of further percentiles, in their order. */
function measuresOf(quantiles: readonly QuantileOf[]): Measure[] {
  if (quantiles.length > maxQuantiles) {
    throw new StoreError('bad-query', `a query has ${maxQuantiles} further percentiles at most`)
  }
  return quantiles.map(({ measure, p }) => {
    const known = wholeSelection.measures.find(({ name }) => name === measure)
    if (known === undefined) throw new StoreError('bad-query', `no measured value ${JSON.stringify(measure)}`)
    if (!(p >= quantileLimits.from && p <= quantileLimits.to)) {
      throw new StoreError('bad-query', `a percentile is ${quantileLimits.from} to ${quantileLimits.to}`)
    }
    return { ...known, p }
  })
}
