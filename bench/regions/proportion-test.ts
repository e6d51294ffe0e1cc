import { adjustedPValues, type WeekWindow, type WindowWeek } from '@peerpress/insights'

/**
 * The rival: each region's share before and after, by the two-proportion z-test that calculators for A/B tests use, with the
 * same thresholds and the same correction for many regions. It takes every visit for an independent draw. Returns the regions
 * that lag.
 */
export function laggingByProportions({ recent, earlier }: WeekWindow): string[] {
  const total = { recent: sumOf(recent, () => true), earlier: sumOf(earlier, () => true) }
  const regions = [...(recent[0]?.countries.keys() ?? [])].map((name) => {
    const visits = {
      recent: sumOf(recent, (of) => of === name),
      earlier: sumOf(earlier, (of) => of === name),
    }
    const share = { recent: visits.recent / total.recent, earlier: visits.earlier / total.earlier }
    const pooled = (visits.recent + visits.earlier) / (total.recent + total.earlier)
    const error = Math.sqrt(pooled * (1 - pooled) * (1 / total.recent + 1 / total.earlier))
    return {
      name,
      pValue: normalCdf((share.recent - share.earlier) / error),
      oddsRatio: oddsOf(share.recent) / oddsOf(share.earlier),
      visitsRatio: visits.recent / recent.length / (visits.earlier / earlier.length),
    }
  })
  const adjusted = adjustedPValues(regions.map(({ pValue }) => pValue))
  return regions
    .filter((of, i) => (adjusted[i] ?? 1) <= 0.1 && of.oddsRatio <= 0.9 && of.visitsRatio <= 0.9)
    .map(({ name }) => name)
}

function sumOf(weeks: readonly WindowWeek[], isCounted: (region: string) => boolean): number {
  let sum = 0
  for (const { countries } of weeks) {
    for (const [region, { visits }] of countries) if (isCounted(region)) sum += visits
  }
  return sum
}

const oddsOf = (share: number): number => share / (1 - share)

/** Φ, by the approximation 26.2.17 of Abramowitz and Stegun: within 7.5e-8. */
function normalCdf(x: number): number {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(x))
  const [a, b, c, d, e] = [0.319_381_53, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429]
  const tail =
    (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) * t * (a + t * (b + t * (c + t * (d + t * e))))
  return x < 0 ? tail : 1 - tail
}
