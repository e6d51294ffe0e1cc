import { adjustedPValues } from '@peerpress/insights'
import type { BriefUpdate } from '@peerpress/registry'
import type { KnownPost, SiteKnowledge } from '../../evidence/knowledge.ts'
import type { PostIndex } from '../../search/post-index.ts'
import type { FindOpportunities } from '../opportunity.ts'

/** Visits from search engines in the four earlier weeks that a post needs. */
const minVisits = 30
/** Share of false declines among those that are reported, ratio 0-1. */
const falseDiscoveryRate = 0.05
/** A post that retains more of its visits than this is not worth a brief, ratio 0-1. */
const worthRatio = 0.8
/** Two posts whose titles and headings are this similar compete for the same searches. */
const competes = 0.6

/** Finds posts whose search visits fell more than those of the site's other posts. */
export const decliningPost: FindOpportunities = (knowledge, index) => {
  const tested = testedPosts(knowledge)
  const adjusted = adjustedPValues(tested.map(({ p }) => p))
  return tested.flatMap(({ post, recent, earlier, ratio, expected }, place) => {
    const isDeclining =
      (adjusted[place] ?? 1) <= falseDiscoveryRate && ratio <= worthRatio && recent < earlier
    if (!isDeclining) return []
    return [
      {
        kind: 'declining-post' as const,
        subject: post.post,
        question: `What does "${post.title}" no longer answer?`,
        topic: post.title,
        readers: 'People who came to this post from search engines',
        region: null,
        language: post.language,
        evidence: knowledge.evidence
          .filter((item) => item.post === post.post && ['engagement', 'finding'].includes(item.source))
          .slice(0, 5)
          .map(({ id }) => id),
        update: [
          {
            post: post.post,
            advice: 'update' as const,
            reason: `It had ${Math.round(recent)} search visits in four weeks, after ${Math.round(earlier)} in the four before.`,
          },
          ...competingPosts(post, knowledge, index),
        ],
        score: expected - recent,
        why: `Search visits of "${post.title}" fell from ${Math.round(earlier)} to ${Math.round(recent)} in four weeks. As the site's other posts went, ${Math.round(expected)} were to be expected.`,
      },
    ]
  })
}

interface TestedPost {
  readonly post: KnownPost
  /** Visits of four weeks. */
  readonly recent: number
  readonly earlier: number
  /** The visits that the post would have if it had changed as the others did. */
  readonly expected: number
  readonly ratio: number
  /** One-sided */
  readonly p: number
}

/**
 * Tests each post's log odds ratio against the other posts, with 0.5 added to each count (Haldane 1956, Anscombe 1956) and Woolf's
 * standard error. Without enough visits of other posts the post is compared with itself.
 */
function testedPosts({ posts, landings }: SiteKnowledge): TestedPost[] {
  const visits = (rows: SiteKnowledge['landings']['recent']) =>
    new Map(rows.map((row) => [row.post, row.visits]))
  const [recentOf, earlierOf] = [visits(landings.recent), visits(landings.earlier)]
  const all = (of: ReadonlyMap<string, number>) => [...of.values()].reduce((before, n) => before + n, 0)
  return posts.flatMap((post): TestedPost[] => {
    const recent = recentOf.get(post.post) ?? 0
    const earlier = earlierOf.get(post.post) ?? 0
    if (earlier < minVisits) return []
    const others = { recent: all(recentOf) - recent, earlier: all(earlierOf) - earlier }
    const isCompared = others.earlier >= minVisits && others.recent >= minVisits
    const change = isCompared ? (others.recent + 0.5) / (others.earlier + 0.5) : 1
    const expected = earlier * change
    const ratio = (recent + 0.5) / (expected + 0.5)
    const ownVariance = 1 / (recent + 0.5) + 1 / (earlier + 0.5)
    const variance = isCompared
      ? ownVariance + 1 / (others.recent + 0.5) + 1 / (others.earlier + 0.5)
      : ownVariance
    return [{ post, recent, earlier, expected, ratio, p: lowerTail(Math.log(ratio) / Math.sqrt(variance)) }]
  })
}

function competingPosts(post: KnownPost, { posts }: SiteKnowledge, index: PostIndex): BriefUpdate[] {
  return posts
    .filter((other) => other.post !== post.post && index.similarity(post, other) >= competes)
    .slice(0, 3)
    .map((other) => ({
      post: other.post,
      advice: 'merge',
      reason: `Its title and headings are ${Math.round(100 * index.similarity(post, other))} % those of "${post.title}": the two compete for the same searches.`,
    }))
}

/**
 * Returns the probability of a standard normal value below z: Abramowitz and Stegun 26.2.17, error below 7.5e-8.
 */
export function lowerTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const polynomial =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial
  return z < 0 ? tail : 1 - tail
}
