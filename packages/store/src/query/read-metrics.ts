import type { Row } from '../engine/connection.ts'
import {
  catalogue,
  type MetricPath,
  metricPaths,
  type Metrics,
  selectionOf,
  wholeSelection,
} from '../model/catalogue/catalogue.ts'
import type { Aggregates, Figure, Group, Measure } from '../model/catalogue/metric.ts'
import { enoughSamples, type Quantile } from '../model/values.ts'
import { binError } from '../rollup/log-bins.ts'
import { quantileOfBins, type QuantileValues } from '../rollup/quantile-of-bins.ts'

/** How a row of aggregates is read. */
interface ReadOptions {
  /** The metrics that the query selected. Reading another one throws. */
  readonly paths: readonly MetricPath[]
  /** Whether the row's percentiles are of bins: a row of `aggregatePartials`, not of `aggregateViews`. */
  readonly binned: boolean
}

/** Returns the metrics in a row of aggregates. */
export function readMetrics(row: Row, { paths, binned }: ReadOptions): Metrics {
  const { measures } = selectionOf(paths)
  return valuesOf(catalogue, aggregatesIn(row, { measures, binned }), {
    selected: new Set<string>(['views', ...paths]),
    prefix: '',
  }) as Metrics
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
