import type { BriefLink, BriefSection, EvidenceItem } from '@peerpress/registry'
import { countryName } from '../../country-name.ts'
import type { PostIndex } from '../../search/post-index.ts'
import type { Opportunity } from '../opportunity.ts'

const maxLinks = 5
/** A post that fits this much less than the best is not linked, ratio 0-1. */
const minFit = 0.2

/** Returns the posts to link: the best by BM25 for the topic, and none that fits far less. */
export function linksFor({ topic }: Opportunity, index: PostIndex): BriefLink[] {
  const found = index.posts(topic)
  const best = found[0]?.score ?? 0
  return found
    .filter(({ score }) => score >= minFit * best)
    .slice(0, maxLinks)
    .map(({ post, score }) => ({
      post: post.post,
      url: post.url,
      title: post.title,
      score: Math.round(score * 100) / 100,
    }))
}

const maxSections = 4

/**
 * Returns an outline: the question with the evidence that raised it, the sections of the site's posts that fit the topic best, what is
 * particular of the region, and what was uploaded.
 */
export function outlineFor(
  opportunity: Opportunity,
  { index, facts }: { readonly index: PostIndex; readonly facts: readonly EvidenceItem[] },
): BriefSection[] {
  const { topic, question, evidence, region } = opportunity
  const known = new Map<string, Set<string>>()
  for (const { section, post } of index.sections(topic)) {
    const heading = section.heading ?? post.title
    if (known.size >= maxSections && !known.has(heading)) continue
    known.set(heading, (known.get(heading) ?? new Set()).add(post.evidence))
  }
  const local = facts.filter((fact) => isIn(fact.region, region))
  const uploaded = facts.filter(({ source }) => source === 'upload')
  return [
    { heading: question, evidence },
    ...[...known].map(([heading, from]) => ({ heading, evidence: [...from] })),
    ...(region === null || local.length === 0
      ? []
      : [{ heading: `In ${countryName(region)}`, evidence: local.map(({ id }) => id) }]),
    ...(uploaded.length === 0
      ? []
      : [{ heading: 'From what you uploaded', evidence: uploaded.map(({ id }) => id) }]),
  ]
}

const maxFacts = 20

/** Returns the facts for an opportunity: those of its region first, then those that it rests on, then those that fit its topic. */
export function factsFor(
  { topic, region, evidence }: Opportunity,
  {
    items,
    search,
  }: { readonly items: readonly EvidenceItem[]; readonly search: (topic: string) => EvidenceItem[] },
): EvidenceItem[] {
  const fitting = search(topic)
  const rank = new Map(fitting.map(({ id }, place) => [id, place]))
  const local = items
    .filter((item) => region !== null && isIn(item.region, region))
    .toSorted((a, b) => (rank.get(a.id) ?? Infinity) - (rank.get(b.id) ?? Infinity) || (a.id < b.id ? -1 : 1))
    .slice(0, maxFacts / 2)
  const own = evidence.flatMap((id) => items.find((item) => item.id === id) ?? [])
  // A fact of another region would be wrong here.
  const others = fitting.filter(
    (item) => item.region === null || (region !== null && isIn(item.region, region)),
  )
  return [...new Set([...local, ...own, ...others])].slice(0, maxFacts)
}

/** Returns whether a fact is of a region: of itself, or of a subdivision. */
function isIn(of: string | null, region: string | null): boolean {
  return of !== null && region !== null && (of === region || of.startsWith(`${region}-`))
}
