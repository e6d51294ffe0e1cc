import type { BreakdownRow, Metrics, Quantile } from '@peerpress/store'

/** What readers experienced in a set of views. */
export interface Experience {
  readonly views: number
  readonly lcp: Quantile | null
  /** Views without a failed asset ÷ views with assets. */
  readonly viewSuccess: number | null
  readonly engagedMs: Quantile | null
}

/** What readers experienced elsewhere: means over the other countries, weighted by their views. */
export interface ElsewhereExperience {
  readonly lcp: number | null
  readonly viewSuccess: number | null
}

/** What a search engine showed of a site in a country, per day. */
export interface SearchEvidence {
  readonly clicks: number
  readonly impressions: number
  readonly position: number | null
  readonly days: number
}

/** The evidence for reasons why a region lags. */
export interface RegionEvidence {
  /** Views of the last four weeks. */
  readonly recent: Experience | null
  /** Views of the 24 weeks before, as far as they are retained. */
  readonly earlier: Experience | null
  readonly elsewhere: ElsewhereExperience
  /** Of imported exports; null if there are none of these weeks. */
  readonly search: { readonly recent: SearchEvidence; readonly earlier: SearchEvidence } | null
}

/** The metrics that {@link experienceOf} reads. */
export const experienceMetrics = [
  'speed.lcp',
  'reliability.viewSuccessRatio',
  'engagement.engagedMs',
] as const

export function experienceOf({ views, speed, reliability, engagement }: Metrics): Experience {
  return {
    views,
    lcp: speed.lcp,
    viewSuccess: reliability.viewSuccessRatio,
    engagedMs: engagement.engagedMs,
  }
}

/** Returns what readers of all other known countries experienced. */
export function elsewhereOf(rows: readonly BreakdownRow[], country: string): ElsewhereExperience {
  const others = rows.filter(({ key }) => key !== null && key !== country).map(({ metrics }) => metrics)
  return {
    lcp: weightedMean(
      others.flatMap(({ speed: { lcp } }) =>
        lcp?.enough ? [{ value: lcp.value, weight: lcp.samples }] : [],
      ),
    ),
    viewSuccess: weightedMean(
      others.flatMap(({ views, reliability: { viewSuccessRatio: value } }) =>
        value === null ? [] : [{ value, weight: views }],
      ),
    ),
  }
}

/** Returns the weighted mean of values; null if there are none. */
export function weightedMean(
  values: readonly { readonly value: number; readonly weight: number }[],
): number | null {
  const weight = values.reduce((sum, of) => sum + of.weight, 0)
  return weight === 0 ? null : values.reduce((sum, of) => sum + of.value * of.weight, 0) / weight
}
