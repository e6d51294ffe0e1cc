import type { BreakdownRow, MetricPath, Metrics } from '@peerpress/store'

/** Views that a post needs before its performance counts, and before it is compared with. */
const enoughViews = 100

/** The metrics that {@link performanceFactors} reads. */
export const performanceMetrics: readonly MetricPath[] = [
  'views',
  'engagement.engagedMs',
  'speed.lcp',
  'reliability.viewSuccessRatio',
]

/** Engaged time, speed and reliability of a post; more is better. Null if no view measured it. */
const measures: readonly ((metrics: Metrics) => number | null)[] = [
  ({ engagement }) => engagement.engagedMs?.value ?? null,
  ({ speed }) => (speed.lcp === null ? null : -speed.lcp.value),
  ({ reliability }) => reliability.viewSuccessRatio,
]

/**
 * Returns `F` of a site's posts by post id: 0.8 + 0.4 × the mean of the post's percentiles among the posts of its own site, in
 * engaged time (median), largest contentful paint (75th percentile) and views without a failed asset. Posts with fewer than
 * 100 views have none.
 */
export function performanceFactors(rows: readonly BreakdownRow[]): Map<string, number> {
  const posts = rows.flatMap(({ key, metrics }) =>
    key === null || metrics.views < enoughViews ? [] : [{ key, values: measures.map((of) => of(metrics)) }],
  )
  const factors = new Map<string, number>()
  for (const { key, values } of posts) {
    const percentiles = values.flatMap((value, measure) => {
      if (value === null) return []
      const all = posts.flatMap((post) => post.values[measure] ?? [])
      return [percentileOf(value, all)]
    })
    if (percentiles.length === 0) continue
    const mean = percentiles.reduce((sum, each) => sum + each, 0) / percentiles.length
    factors.set(key, Math.round((0.8 + 0.4 * mean) * 1000) / 1000)
  }
  return factors
}

/** Returns the share of values below, and half of those that are equal: 0.5 for the only one. */
function percentileOf(value: number, all: readonly number[]): number {
  const below = all.filter((other) => other < value).length
  const equal = all.filter((other) => other === value).length
  return (below + equal / 2) / all.length
}
