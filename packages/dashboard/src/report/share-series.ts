import type { SourcesFragment } from '../generated/graphql.ts'
import { sourceShares, sources } from './sources.ts'

/** The bytes of one interval. */
export interface SharePoint {
  /** ms since the Unix epoch */
  readonly start: number
  readonly bytes: SourcesFragment
}

/**
 * Columns for a stacked chart: times in seconds, then for each of {@link sources} the upper edge of its band,
 * ratio 0-1. An interval is drawn flat from its start to its end, and one without bytes is a gap: a line between
 * two measured intervals would claim to know what was between them.
 */
export function stackShares(points: readonly SharePoint[], stepMs: number): (number | null)[][] {
  const columns: (number | null)[][] = [[], ...sources.map(() => [])]
  for (const { start, bytes } of points) {
    const edges = upperEdges(bytes)
    // 1 ms short of the next start, since times must rise.
    const times = edges === null ? [start] : [start, start + stepMs - 1]
    for (const time of times) {
      columns[0]!.push(time / 1000)
      for (const i of sources.keys()) columns[i + 1]!.push(edges?.[i] ?? null)
    }
  }
  return columns
}

function upperEdges(bytes: SourcesFragment): number[] | null {
  const shares = sourceShares(bytes)
  if (shares === null) return null
  let edge = 0
  return shares.map((share) => (edge = Math.min(1, edge + share)))
}

/** The interval of a chart's column, or null when it isn't one of the points. */
export function pointAt(points: readonly SharePoint[], stepMs: number, seconds: number): SharePoint | null {
  return points.find(({ start }) => start <= seconds * 1000 && seconds * 1000 < start + stepMs) ?? null
}
