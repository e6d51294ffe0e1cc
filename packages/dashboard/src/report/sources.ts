import type { SourcesFragment } from '../generated/graphql.ts'
import { metricLabels } from '../generated/metric-labels.ts'

/** The sources of asset bytes, in the report's order: the sources nearest to the reader first. */
export const sources = [
  { key: 'peer', label: metricLabels['delivery.bytes.peer'].label },
  { key: 'seed', label: metricLabels['delivery.bytes.seed'].label },
  { key: 'mirror', label: metricLabels['delivery.bytes.mirror'].label },
  { key: 'origin', label: metricLabels['delivery.bytes.origin'].label },
  { key: 'cache', label: metricLabels['delivery.bytes.cache'].label },
] as const satisfies readonly { key: keyof SourcesFragment; label: string }[]

/** Returns the sum of the bytes from all sources. */
export function totalBytes(bytes: SourcesFragment): number {
  return sources.reduce((sum, { key }) => sum + bytes[key], 0)
}

/** Returns each source's share of the bytes, ratio 0-1, in the order of {@link sources}; null when there are none. */
export function sourceShares(bytes: SourcesFragment): readonly number[] | null {
  const total = totalBytes(bytes)
  return total === 0 ? null : sources.map(({ key }) => bytes[key] / total)
}
