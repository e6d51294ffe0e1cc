import type { Dimension, ReportQuery } from '../model/report-query.ts'

/** The dimension by which a rollup's rows are grouped, beside arm and time. */
export const slices = ['all', 'country', 'device', 'network', 'post'] as const
export type Slice = (typeof slices)[number]

/** Returns the slice that can answer a query; undefined when no slice has all dimensions that the query needs. */
export function sliceFor({ filter = {} }: ReportQuery, by?: Dimension): Slice | undefined {
  const { arm: _inEverySlice, ...filtered } = filter
  const needed = new Set<string>(
    Object.entries(filtered).flatMap(([key, value]) => (value === undefined ? [] : [key])),
  )
  if (by !== undefined && by !== 'arm') needed.add(by)
  const [only = 'all', ...others] = needed
  return others.length === 0 ? slices.find((slice) => slice === only) : undefined
}
