import type { SourcesFragment } from '../generated/graphql.ts'
import { sourceShares, sources } from './sources.ts'

/** The bytes of one interval. */
export interface SharePoint {
  /** ms since the Unix epoch */
  readonly start: number
  readonly bytes: SourcesFragment
}

/**
 * Returns the columns of a stacked chart: times in seconds, then the upper edge of the band of each of {@link sources},
 * ratio 0-1. An interval is flat from start to end. One without bytes is a gap, because a line between two measured
 * intervals would suggest values between them.
 */
export function stackShares(points: readonly SharePoint[], stepMs: number): (number | null)[][] {
  const columns: (number | null)[][] = [[], ...sources.map(() => [])]
  for (const { start, bytes } of points) {
    const edges = upperEdges(bytes)
    // It ends 1 ms before the next start, because times must rise.
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

/** Returns the interval at a time of the chart, or null if there is none. */
export function pointAt(points: readonly SharePoint[], stepMs: number, seconds: number): SharePoint | null {
  return points.find(({ start }) => start <= seconds * 1000 && seconds * 1000 < start + stepMs) ?? null
}
