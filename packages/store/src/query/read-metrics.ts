import type { Row } from '../engine/connection.ts'
import {
  catalogue,
  type MetricPath,
  metricPaths,
  type Metrics,
  metricsByPath,
  wholeSelection,
} from '../model/catalogue/catalogue.ts'
import { quantileKey, selectionFor } from '../model/quantile-of.ts'
import type { QuantileOf } from '../model/report-query.ts'
import type { Aggregates, Figure, Group, Measure } from '../model/catalogue/metric.ts'
import { enoughSamples, type Quantile, type Trials } from '../model/values.ts'
import { binError } from '../rollup/log-bins.ts'
import { quantileOfBins, type QuantileValues } from '../rollup/quantile-of-bins.ts'

/** How a row of aggregates is read. */
interface ReadOptions {
  /** The metrics that the query selected. Reading another one throws. */
  readonly paths: readonly MetricPath[]
  /** Whether the row's percentiles are of bins: a row of `aggregatePartials`, not of `aggregateViews`. */
  readonly binned: boolean
  /** The further percentiles that the query selected. */
  readonly quantiles?: readonly QuantileOf[] | undefined
}

/** Returns the metrics in a row of aggregates. */
export function readMetrics(row: Row, { paths, binned, quantiles = [] }: ReadOptions): Metrics {
  const { measures } = selectionFor({ metrics: paths, quantiles })
  const aggregates = aggregatesIn(row, { measures, binned })
  const values = valuesOf(catalogue, aggregates, {
    selected: new Set<string>(['views', ...paths]),
    prefix: '',
  }) as Metrics
  Object.defineProperty(values, 'trials', { value: trialsOf(paths, aggregates) })
  if (quantiles.length === 0) return values
  const further = measures.slice(-quantiles.length).map((measure) => aggregates.percentile(measure))
  // A copy would read the values that the query did not select.
  return Object.assign(values, {
    quantiles: new Map(quantiles.map((of, i) => [quantileKey(of), further[i] ?? null])),
  })
}

function trialsOf(paths: readonly MetricPath[], { sum }: Aggregates): ReadonlyMap<string, Trials> {
  return new Map(
    paths.flatMap((path) => {
      const trials = metricsByPath.get(path)?.trials
      return trials === undefined
        ? []
        : [[path, { part: sum(trials.part), whole: sum(trials.whole) }] as const]
    }),
  )
}

/** A value that the query did not select throws when it is read, and only then. */
function valuesOf(
  { members }: Group,
  aggregates: Aggregates,
  { selected, prefix }: { readonly selected: ReadonlySet<string>; readonly prefix: string },
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(members)) {
    const path = `${prefix}${name}`
    if (member.kind === 'group') {
      values[name] = valuesOf(member, aggregates, { selected, prefix: `${path}.` })
    } else if (selected.has(path)) {
      values[name] = member.compute(aggregates)
    } else {
      const get = () => {
        throw new TypeError(`the query did not select ${path}`)
      }
      Object.defineProperty(values, name, { enumerable: true, get })
    }
  }
  return values
}

function aggregatesIn(
  row: Row,
  { measures, binned }: { readonly measures: readonly Measure[]; readonly binned: boolean },
): Aggregates {
  const quantiles = row['quantiles'] as readonly (readonly [Count, ...unknown[]])[] | undefined
  const known = new Map<Measure, Quantile | null>()
  return {
    sum: ({ name }: Figure) => Number(row[name]),
    percentile: (measure) => {
      const found = known.get(measure)
      if (found !== undefined) return found
      const quantile = quantiles?.[measures.indexOf(measure)]
      if (quantile === undefined) throw new TypeError(`the row has no percentile of ${measure.name}`)
      const value = readQuantile(quantile, measure, binned)
      known.set(measure, value)
      return value
    },
  }
}

function readQuantile(
  quantile: readonly [Count, ...unknown[]],
  measure: Measure,
  binned: boolean,
): Quantile | null {
  const samples = Number(quantile[0])
  if (samples === 0) return null
  const { value, low, high } = binned
    ? fromBins(quantile as BinsRow, measure)
    : fromRanks(quantile as RanksRow)
  const { p } = measure
  return { p, value, low, high, samples, enough: samples >= enoughSamples, error: binned ? binError : 0 }
}

/** The engine writes a long integer as text. */
type Count = number | string
type RanksRow = readonly [n: Count, values: readonly [number, number, number]]
type BinsRow = readonly [n: Count, bins: readonly Count[], below: readonly Count[]]

function fromRanks([, [value, low, high]]: RanksRow): QuantileValues {
  return { value, low, high }
}

function fromBins([n, bins, below]: BinsRow, { p, scale, ...limits }: Measure): QuantileValues {
  const views = { samples: Number(n), bins: bins.map(Number), below: below.map(Number) }
  const { value, low, high } = quantileOfBins(views, p, limits)
  return { value: value / scale, low: low / scale, high: high / scale }
}

/** The metrics of no views at all. */
export const noMetrics: Metrics = readMetrics(
  {
    ...Object.fromEntries(wholeSelection.figures.map(({ name }) => [name, 0])),
    quantiles: wholeSelection.measures.map(() => [0, [0, 0, 0]]),
  },
  { paths: metricPaths, binned: false },
)
