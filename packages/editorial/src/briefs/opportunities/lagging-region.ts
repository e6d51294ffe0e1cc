import type { ReasonKind, SiteFinding } from '@peerpress/insights'
import type { BriefUpdate } from '@peerpress/registry'
import { countryName } from '../../country-name.ts'
import type { SiteKnowledge } from '../../evidence/knowledge.ts'
import type { FindOpportunities } from '../opportunity.ts'
import { findQueryEvidence } from './query-evidence.ts'
import { reachableVisits, type Search, searchesOf, siteRate } from './searches.ts'

/**
 * Reasons that a text can change. Slow or unreliable pages need a seed near the readers, as the finding says, and no text. A region
 * without a reason is left to the finding, too.
 */
const ofText: ReadonlySet<ReasonKind> = new Set(['shown-less', 'clicked-less', 'read-less'])

const tasks: Readonly<Record<string, string>> = {
  'shown-less': 'are shown the site less',
  'clicked-less': 'see the site in results and open it less',
  'read-less': 'stay for a shorter time',
}

/** Finds regions that lag because the site is shown, opened or read less there. */
export const laggingRegion: FindOpportunities = (knowledge) =>
  knowledge.findings.flatMap((finding) => {
    const [reason] = finding.content.reasons
    if (finding.rule !== 'lagging-region' || reason === undefined || !ofText.has(reason.kind)) return []
    const region = finding.subject
    const name = countryName(region)
    const search = bestSearch(knowledge, region)
    const read = postsReadIn(knowledge, region)
    const topic = search?.query ?? read[0]?.title ?? name
    return [
      {
        kind: 'lagging-region' as const,
        subject: region,
        question:
          search !== null || read.length > 0
            ? `What do readers in ${name} need to know about "${topic}"?`
            : `What do readers in ${name} look for on this site?`,
        topic,
        readers: `Readers in ${name}, who ${tasks[reason.kind] ?? 'come less'}`,
        region,
        language: languageIn(knowledge, region),
        evidence: [
          ...findingEvidence(knowledge, finding),
          ...(search === null
            ? []
            : findQueryEvidence(
                knowledge,
                search.region,
                search.queries.map(({ query }) => query),
              )),
        ],
        update: read.slice(0, 3).map((post): BriefUpdate => ({
          post: post.post,
          advice: 'update',
          reason: `Readers in ${name} read it most: say in it what is particular there.`,
        })),
        score: finding.score,
        why: `${finding.content.sentence} ${reason.kind === 'slower' ? '' : 'The reason is one that text can change.'}`.trim(),
      },
    ]
  })

/** Returns the search of the region that may bring most visits; null if no queries of the region are known. */
function bestSearch({ queries }: SiteKnowledge, region: string): Search | null {
  const rate = siteRate(queries)
  const searches = queries.filter((each) => each.region === region).flatMap(searchesOf)
  return searches.toSorted((a, b) => reachableVisits(b, rate) - reachableVisits(a, rate))[0] ?? null
}

function postsReadIn({ posts, regionPosts }: SiteKnowledge, region: string) {
  const read = regionPosts.find((each) => each.region === region)?.posts ?? []
  return read.flatMap((id) => posts.find(({ post }) => post === id) ?? [])
}

/** Returns the language of the posts that are read there; null if none is known. */
function languageIn(knowledge: SiteKnowledge, region: string): string | null {
  return postsReadIn(knowledge, region)[0]?.language ?? null
}

function findingEvidence({ evidence }: SiteKnowledge, { content }: SiteFinding): string[] {
  return evidence
    .filter(({ source, text }) => source === 'finding' && text === content.sentence)
    .map(({ id }) => id)
}
