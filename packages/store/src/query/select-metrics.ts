import { binColumns, type Selection } from '../model/catalogue/catalogue.ts'
import type { Measure } from '../model/catalogue/metric.ts'
import { ranksIn } from '../model/quantile-ranks.ts'

/** SQL that aggregates metrics: aggregates over rows, and columns over the row of these. */
export interface MetricsSql {
  readonly aggregates: string
  /** Named expressions from which the columns are made. */
  readonly steps: readonly string[]
  readonly columns: string
}

/**
 * Returns SQL that aggregates rows of `snapshots`, for `readMetrics`. `quantiles` has (n, [value, low, high]) for each measure.
 * One expression serves all measures: spelled out for each, the engine takes 0.1 s to analyse it.
 */
export function aggregateViews({ figures, measures }: Selection): MetricsSql {
  return metricsSql({
    figures: figures.map(({ name }) => name),
    sums: figures.map(({ name, ofView }) => `sum(${ofView}) AS ${name}`),
    // groupArray leaves NULL out: a view that did not measure a value is no sample. Sorted beside the aggregation, groups are
    // sorted at the same time, not one after the other.
    samples: measures.map(({ name }) => `arraySort(groupArray(${name}))`),
    quantiles: `arrayMap(
    (sorted, p) -> (length(sorted), [${ranksIn('length(sorted)', 'p')
      .map((rank) => `sorted[${rank}]`)
      .join(', ')}]),
    samples,
    ${percentiles(measures)}
  )`,
  })
}

/**
 * As {@link aggregateViews}, over rows of `partials`, which have a column for each figure and each measure's bins.
 * `quantiles` has (n, bins, below) for each measure, for `quantileOfBins`: the bins from the lower to the upper end of the
 * percentile's interval, and some at both sides.
 *
 * A bin and its number of views travel as one number, the bin in the upper bits, so that they are sorted together. No lambda
 * over a long array captures another array, because the engine would copy it for each element. So there are many short
 * steps.
 */
export function aggregatePartials({ figures, measures }: Selection): MetricsSql {
  const [, low = '', high = ''] = ranksIn('n', 'p')
  const binAtRank = 'bitShiftRight(sorted[arrayFirstIndex(views -> views >= rank, up_to)], 32)'
  const arounds = `[${measures.map(({ step }) => (step === undefined ? 1 : binsAroundSteps)).join(', ')}]`
  return metricsSql({
    figures: figures.map(({ name }) => name),
    sums: figures.map(({ name }) => `sum(partials.${name}) AS ${name}`),
    samples: measures.map((measure) => {
      const [bins, views] = binColumns(measure)
      return `groupArrayArray(arrayMap((bin, views) -> bitShiftLeft(toUInt64(bin), 32) + views, partials.${bins}, partials.${views}))`
    }),
    steps: [
      'arrayMap(packed -> arraySort(packed), samples) AS ordered',
      'arrayMap(sorted -> arrayCumSum(arrayMap(packed -> bitAnd(packed, 4294967295), sorted)), ordered) AS counted',
      'arrayMap(up_to -> up_to[-1], counted) AS counts',
      `arrayMap(
    (sorted, up_to, rank, around) -> bitShiftLeft(greatest(${binAtRank}, around) - around, 32),
    ordered, counted, arrayMap((n, p) -> ${low}, counts, ${percentiles(measures)}), ${arounds}) AS from_bins,
  arrayMap(
    (sorted, up_to, rank, around) -> bitShiftLeft(${binAtRank} + around + 1, 32),
    ordered, counted, arrayMap((n, p) -> ${high}, counts, ${percentiles(measures)}), ${arounds}) AS to_bins`,
      `arrayMap((sorted, from) -> greatest(1, arrayFirstIndex(packed -> packed >= from, sorted)), ordered, from_bins) AS firsts,
  arrayMap((sorted, to) -> arrayLastIndex(packed -> packed < to, sorted), ordered, to_bins) AS lasts`,
      `arrayMap(
    (sorted, first, last) -> arrayMap(packed -> bitShiftRight(packed, 32), arraySlice(sorted, first, last - first + 1)),
    ordered, firsts, lasts) AS near_bins,
  arrayMap(
    (up_to, first, last) -> arrayPushFront(arraySlice(up_to, first, last - first + 1), up_to[first - 1]),
    counted, firsts, lasts) AS near_counts`,
    ],
    quantiles: `arrayMap(
    (n, bins, up_to) -> (n, arrayCompact(bins), arrayPushBack(
      arrayFilter(
        (below, bin, previous) -> bin != previous,
        arrayPopBack(up_to), bins, arrayPopBack(arrayPushFront(bins, 65535))),
      up_to[-1])),
    counts, near_bins, near_counts)`,
  })
}

/** Bins at both sides of an interval that are searched for steps; they span a factor of two. */
const binsAroundSteps = 36

interface SqlParts {
  readonly figures: readonly string[]
  readonly sums: readonly string[]
  readonly samples: readonly string[]
  readonly steps?: readonly string[]
  readonly quantiles: string
}

function metricsSql({ figures, sums, samples, steps = [], quantiles }: SqlParts): MetricsSql {
  const isMeasured = samples.length > 0
  return {
    aggregates: [...sums, ...(isMeasured ? [`[${samples.join(', ')}] AS samples`] : [])].join(',\n  '),
    steps: isMeasured ? steps : [],
    columns: [...figures, ...(isMeasured ? [`${quantiles} AS quantiles`] : [])].join(',\n  '),
  }
}

const percentiles = (measures: readonly Measure[]): string =>
  `[${measures.map(({ p }) => (Number.isInteger(p) ? p.toFixed(1) : p)).join(', ')}]`
