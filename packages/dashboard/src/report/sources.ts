import type { SourcesFragment } from '../generated/graphql.ts'

/** Where asset bytes can come from, as the report shows them: the reader's nearest help first. */
export const sources = [
  { key: 'peer', label: 'Other readers' },
  { key: 'seed', label: 'Seeds' },
  { key: 'mirror', label: 'Mirror' },
  { key: 'origin', label: 'Your site' },
  { key: 'cache', label: 'Browser cache' },
] as const satisfies readonly { key: keyof SourcesFragment; label: string }[]

/** All bytes, whichever source they came from. */
export function totalBytes(bytes: SourcesFragment): number {
  return sources.reduce((sum, { key }) => sum + bytes[key], 0)
}

/** Each source's share of the bytes, ratio 0-1, in the order of {@link sources}; null when there are none. */
export function sourceShares(bytes: SourcesFragment): readonly number[] | null {
  const total = totalBytes(bytes)
  return total === 0 ? null : sources.map(({ key }) => bytes[key] / total)
}
