import { conditionsOf } from '../model/filter.ts'
import type { Dimension, ReportQuery } from '../model/report-query.ts'

/** The dimension by which a rollup's rows are grouped, beside arm and time. */
export const slices = ['all', 'country', 'device', 'network', 'post'] as const
export type Slice = (typeof slices)[number]

/** Returns the slice that can answer a query; undefined when no slice has all dimensions that the query needs. */
export function sliceFor(
  { filter }: Pick<ReportQuery, 'filter'>,
  by: readonly Dimension[] = [],
): Slice | undefined {
  const needed = new Set<string>([...conditionsOf(filter).map((condition) => condition.by), ...by])
  // Every slice has it.
  needed.delete('arm')
  const [only = 'all', ...others] = needed
  return others.length === 0 ? slices.find((slice) => slice === only) : undefined
}
