import { type Figure, figureText } from '../findings/figure.ts'
import type { RegionEvidence } from './evidence.ts'

/** Why a region may lag. */
export const reasonKinds = ['shown-less', 'clicked-less', 'slower', 'less-reliable', 'read-less'] as const
export type ReasonKind = (typeof reasonKinds)[number]

/** A reason that the evidence supports. */
export interface Reason {
  readonly kind: ReasonKind
  /** How far the region is from what it is compared with, as ln of their ratio: reasons are ranked by it. */
  readonly strength: number
  readonly sentence: string
  readonly figures: readonly Figure[]
}

/** A change or difference below this ratio is no reason: regions differ as much without lagging. */
const leastRatio = 1.1
/** Impressions and views that a comparison needs. */
const minImpressions = 200
const minViews = 100
/** Positions that a region must have fallen. */
const leastPositions = 1
/** A share of failing views below this is no reason. */
const leastFailing = 0.02

/** Returns the reasons that the evidence supports, the most likely first. Without evidence there is none. */
export function reasonsOf(evidence: RegionEvidence): Reason[] {
  const tests = [shownLess, clickedLess, slower, lessReliable, readLess]
  return tests.flatMap((test) => test(evidence) ?? []).toSorted((a, b) => b.strength - a.strength)
}

function shownLess({ search }: RegionEvidence): Reason | null {
  if (search === null || totalImpressions(search.earlier) < minImpressions) return null
  const { recent, earlier } = search
  // Half an impression, so that a region that is not shown any more has a ratio.
  const ratio = earlier.impressions / Math.max(recent.impressions, 0.5 / recent.days)
  const hasFallen =
    recent.position !== null &&
    earlier.position !== null &&
    recent.position - earlier.position >= leastPositions
  if (ratio < leastRatio && !hasFallen) return null
  const places = hasFallen
    ? `, at position ${figureText(recent.position ?? 0, 'position')} after ${figureText(earlier.position ?? 0, 'position')}`
    : ''
  const byPosition = hasFallen ? Math.log((recent.position ?? 1) / (earlier.position ?? 1)) : 0
  return {
    kind: 'shown-less',
    strength: Math.max(Math.log(ratio), byPosition),
    sentence: `Search engines show the site less there: ${perDay(recent.impressions)} impressions a day after ${perDay(earlier.impressions)}${places}.`,
    figures: [
      {
        name: 'Impressions a day',
        unit: 'per-day',
        value: recent.impressions,
        comparedWith: earlier.impressions,
      },
      ...(recent.position === null
        ? []
        : [
            {
              name: 'Mean position',
              unit: 'position' as const,
              value: recent.position,
              comparedWith: earlier.position,
            },
          ]),
    ],
  }
}

function clickedLess({ search }: RegionEvidence): Reason | null {
  if (search === null) return null
  const { recent, earlier } = search
  if (Math.min(totalImpressions(recent), totalImpressions(earlier)) < minImpressions) return null
  const rates = { recent: recent.clicks / recent.impressions, earlier: earlier.clicks / earlier.impressions }
  const ratio = rates.earlier / Math.max(rates.recent, 0.5 / totalImpressions(recent))
  // Clicks count as a Poisson number: ln of the rates' ratio has about this standard error.
  const error = Math.sqrt(1 / (recent.clicks * recent.days + 0.5) + 1 / (earlier.clicks * earlier.days + 0.5))
  if (ratio < leastRatio || Math.log(ratio) < 1.96 * error) return null
  return {
    kind: 'clicked-less',
    strength: Math.log(ratio),
    sentence: `Searchers who see the site click less: ${figureText(rates.recent, 'share')} of impressions after ${figureText(rates.earlier, 'share')}.`,
    figures: [
      { name: 'Click-through rate', unit: 'share', value: rates.recent, comparedWith: rates.earlier },
    ],
  }
}

function slower({ recent, elsewhere }: RegionEvidence): Reason | null {
  const lcp = recent?.lcp
  if (!lcp?.enough || elsewhere.lcp === null || lcp.low < leastRatio * elsewhere.lcp) return null
  return {
    kind: 'slower',
    strength: Math.log(lcp.value / elsewhere.lcp),
    sentence: `Pages load slower there than elsewhere: LCP ${figureText(lcp.value, 'ms')} (75th percentile) against ${figureText(elsewhere.lcp, 'ms')}.`,
    figures: [{ name: 'LCP, 75th percentile', unit: 'ms', value: lcp.value, comparedWith: elsewhere.lcp }],
  }
}

function lessReliable({ recent, elsewhere }: RegionEvidence): Reason | null {
  if (recent === null || recent.views < minViews) return null
  if (recent.viewSuccess === null || elsewhere.viewSuccess === null) return null
  const failing = 1 - recent.viewSuccess
  const others = 1 - elsewhere.viewSuccess
  // The normal approximation's lower end of the failing share.
  const low = failing - 1.96 * Math.sqrt((failing * (1 - failing)) / recent.views)
  if (failing < leastFailing || low < leastRatio * others) return null
  return {
    kind: 'less-reliable',
    strength: Math.log(failing / Math.max(others, leastFailing / 2)),
    sentence: `Pages fail there more often than elsewhere: ${figureText(failing, 'share')} of views lack a picture or another asset, against ${figureText(others, 'share')}.`,
    figures: [{ name: 'Views with a failed asset', unit: 'share', value: failing, comparedWith: others }],
  }
}

function readLess({ recent, earlier }: RegionEvidence): Reason | null {
  const now = recent?.engagedMs
  const before = earlier?.engagedMs
  if (!now?.enough || !before?.enough || before.low < leastRatio * now.high) return null
  return {
    kind: 'read-less',
    strength: Math.log(before.value / Math.max(1, now.value)),
    sentence: `Readers there stay for a shorter time: ${figureText(now.value, 'ms')} of attention (median) after ${figureText(before.value, 'ms')}.`,
    figures: [{ name: 'Engaged time, median', unit: 'ms', value: now.value, comparedWith: before.value }],
  }
}

function totalImpressions({
  impressions,
  days,
}: {
  readonly impressions: number
  readonly days: number
}): number {
  return impressions * days
}

const perDay = (value: number): string => figureText(value, 'per-day')
