import { delivery } from './delivery.ts'
import { engagement } from './engagement.ts'
import type { Figure, Group, Measure, Metric } from './metric.ts'
import type { Quantile, Trials } from '../values.ts'
import { reliability } from './reliability.ts'
import { apdex, coreWebVitals, speed, vitalRatings } from './speed.ts'
import { viewCount, views } from './views.ts'

/**
 * Every metric of a report. The reports' types, the rollups' columns, the graph's fields, the reference page and the
 * dashboard's labels follow from it: a new metric is one entry, and a step of the schema if it needs new columns.
 */
export const catalogue = {
  kind: 'group',
  typeName: 'Metrics',
  description: 'What was measured in a set of page views. null means not measured and is never 0.',
  members: {
    ...views,
    reliability,
    speed,
    ratings: vitalRatings,
    coreWebVitals,
    apdex,
    delivery,
    engagement,
  },
} as const satisfies Group

/** The values of a group's metrics. */
type ValuesOf<Members> = {
  readonly [Name in keyof Members]: Members[Name] extends Metric<infer Value>
    ? Value
    : Members[Name] extends { readonly members: infer Inner }
      ? ValuesOf<Inner>
      : never
}

/** The path of each metric, such as `speed.lcp`. */
type PathsOf<Members> = {
  [Name in keyof Members & string]: Members[Name] extends { readonly members: infer Inner }
    ? `${Name}.${PathsOf<Inner>}`
    : Name
}[keyof Members & string]

/** What a set of views experienced. null is not measured, which is not 0. */
export type Metrics = ValuesOf<typeof catalogue.members> & {
  /** The further percentiles that the query selected, by `quantileKey`; missing when it selected none. */
  readonly quantiles?: ReadonlyMap<string, Quantile | null>
  /** The numbers of views behind each selected share of views. It is not enumerable. */
  readonly trials?: ReadonlyMap<string, Trials>
}

/** A metric by where it is in {@link Metrics}. */
export type MetricPath = PathsOf<typeof catalogue.members>

/** All metrics by path, in the order of the catalogue. */
export const metricsByPath: ReadonlyMap<MetricPath, Metric> = new Map(
  entriesOf(catalogue).map(([path, metric]) => [path as MetricPath, metric]),
)

export const metricPaths: readonly MetricPath[] = [...metricsByPath.keys()]

function entriesOf({ members }: Group, prefix = ''): (readonly [path: string, metric: Metric])[] {
  return Object.entries(members).flatMap(([name, member]) =>
    member.kind === 'group'
      ? entriesOf(member, `${prefix}${name}.`)
      : [[`${prefix}${name}`, member] as const],
  )
}

/** The figures and measures that a query aggregates. */
export interface Selection {
  readonly figures: readonly Figure[]
  readonly measures: readonly Measure[]
}

/** Returns what these metrics need; the number of views is always among it. Unknown paths select nothing. */
export function selectionOf(paths: readonly MetricPath[]): Selection {
  const selected = paths.flatMap((path) => metricsByPath.get(path) ?? [])
  return {
    figures: [...new Set([viewCount, ...selected.flatMap(({ figures }) => figures)])],
    measures: [...new Set(selected.flatMap(({ measures }) => measures))],
  }
}

/** Everything that all metrics need: what the rollups hold. */
export const wholeSelection: Selection = selectionOf(metricPaths)

/** Names of the columns in which the rollups count a measure's values: the bins, and the number of views in each. */
export const binColumns = ({ name }: Measure): readonly [bins: string, views: string] => [
  `${name}_bins`,
  `${name}_views`,
]

/** The rollups' columns that hold aggregates, with their types. */
export const rollupColumns: readonly (readonly [name: string, type: string])[] = [
  ...wholeSelection.figures.map(({ name, type }) => [name, type] as const),
  ...wholeSelection.measures.flatMap((measure) => {
    const [bins, counts] = binColumns(measure)
    return [
      [bins, 'Array(UInt16)'],
      [counts, 'Array(UInt32)'],
    ] as const
  }),
]
