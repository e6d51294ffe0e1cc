import type { BriefInput } from '@peerpress/registry'
import type { SiteKnowledge } from '../evidence/knowledge.ts'
import { createEvidenceIndex } from '../search/evidence-index.ts'
import { createPostIndex } from '../search/post-index.ts'
import type { FindOpportunities, Opportunity } from './opportunity.ts'
import { communityQuestion } from './opportunities/community-question.ts'
import { decliningPost } from './opportunities/declining-post.ts'
import { laggingRegion } from './opportunities/lagging-region.ts'
import { queryWithoutPage } from './opportunities/query-without-page.ts'
import { factsFor, linksFor, outlineFor } from './parts/headings.ts'
import { descriptionsFor, titlesFor } from './parts/titles.ts'

/** Briefs of one list: nobody reads more in a day. */
const maxBriefs = 30
/** Of one kind, so that a long list of queries leaves room for the others. */
const maxOfKind = 10

const kinds: readonly FindOpportunities[] = [
  laggingRegion,
  queryWithoutPage,
  decliningPost,
  communityQuestion,
]

/** Returns the briefs of a day, the most promising first. No model is involved: the same knowledge gives the same briefs. */
export function makeBriefs(knowledge: SiteKnowledge): BriefInput[] {
  const index = createPostIndex(knowledge.posts)
  const search = createEvidenceIndex(knowledge.evidence)
  const opportunities = kinds
    .flatMap((find) => once(find(knowledge, index)).toSorted(byScore).slice(0, maxOfKind))
    .toSorted(byScore)
    .slice(0, maxBriefs)
  const name = knowledge.site.name ?? new URL(knowledge.site.url).hostname
  return opportunities.map((opportunity) => {
    const { topic, subject, kind, question, readers, region, update, why } = opportunity
    const language = opportunity.language ?? knowledge.language
    const facts = factsFor(opportunity, { items: knowledge.evidence, search })
    const links = linksFor(opportunity, index)
    const sources = { opportunity, language, name, links, sections: index.sections(topic) }
    return {
      subject,
      kind,
      question,
      readers,
      region,
      language,
      outline: outlineFor(opportunity, { index, facts }),
      titles: titlesFor(sources),
      descriptions: descriptionsFor(sources),
      links,
      facts: facts.map(({ id }) => id),
      update,
      score: Math.round(opportunity.score * 10) / 10,
      why,
    }
  })
}

function byScore(a: Opportunity, b: Opportunity): number {
  return b.score - a.score || (a.subject < b.subject ? -1 : 1)
}

/** Returns the best opportunity about each subject. */
function once(opportunities: readonly Opportunity[]): Opportunity[] {
  const best = new Map<string, Opportunity>()
  for (const one of opportunities) {
    const known = best.get(one.subject)
    if (known === undefined || known.score < one.score) best.set(one.subject, one)
  }
  return [...best.values()]
}
