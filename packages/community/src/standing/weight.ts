import type { Affinity } from '@peerpress/registry'
import { weightUnits } from './rank.ts'

const dayMs = 86_400_000

/** Until a member site is so old its votes weigh nothing. */
const trustAfterDays = 14
/** From then on they weigh all. */
const fullTrustAfterDays = 90
/** Views by people that its site must have had. */
export const trustAfterViews = 100
/** Similarity up to here is chance. */
const minSimilarity = 0.2

/**
 * Returns `T`: 0 until the member site is 14 days old and has 100 measured human views, then 0.5, and 1 after 90 days.
 * @param since when the first of its uninterrupted proofs was, epoch ms
 */
export function trustOf({
  since,
  now,
  views,
}: {
  readonly since: number
  readonly now: number
  readonly views: number
}): 0 | 0.5 | 1 {
  const days = (now - since) / dayMs
  if (days < trustAfterDays || views < trustAfterViews) return 0
  return days < fullTrustAfterDays ? 0.5 : 1
}

/**
 * Returns the weight of a vote, in millionths: `T / (1 + Σ s)²`, where `s` is the cosine of the voter with each earlier voter,
 * counted above 0.2.
 * @param norm the voter's own
 */
export function weightOf(trust: number, { norm, affinities }: Similarities): number {
  const similarities = affinities
    .map((of) => of.common / Math.sqrt(norm * of.norm))
    .filter((s) => s > minSimilarity)
  // The sum is taken in one order, so that the same votes give the same weight on each engine.
  const sum = similarities.toSorted((a, b) => a - b).reduce((total, s) => total + s, 0)
  return Math.round((weightUnits * trust) / (1 + sum) ** 2)
}

/** What a voter has in common with the earlier voters of a post. The post itself is left out of all of it. */
export interface Similarities {
  /** The voter's sum of rarities. */
  readonly norm: number
  readonly affinities: readonly Pick<Affinity, 'common' | 'norm'>[]
}
