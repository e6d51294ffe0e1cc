import { countryName } from '../../country-name.ts'
import type { FindOpportunities } from '../opportunity.ts'
import { findQueryEvidence } from './query-evidence.ts'
import { reachableVisits, searchesOf, siteRate } from './searches.ts'
import { times } from '../../language/times.ts'

/** Impressions in 28 days that a search needs: fewer may be chance. */
const minImpressions = 50
/** A post answers a question when its title and headings have this share of the question's terms. */
export const answers = 0.75
/** From this share on, a post comes close: it can be extended. */
const comesClose = 0.4
/** A site that is shown this high has a page for it, whatever its words. */
const goodPosition = 5

/** Finds what people search that no post of the site answers. */
export const queryWithoutPage: FindOpportunities = (knowledge, index) => {
  const rate = siteRate(knowledge.queries)
  return knowledge.queries.flatMap((each) =>
    searchesOf(each).flatMap((search) => {
      const { query, region, impressions, position, queries } = search
      const visits = reachableVisits(search, rate)
      if (impressions < minImpressions || visits < 1) return []
      if (position !== null && position <= goodPosition) return []
      const covered = knowledge.posts
        .map((post) => ({ post, share: index.coverage(query, post) }))
        .toSorted((a, b) => b.share - a.share)
      const [best] = covered
      if (best !== undefined && best.share >= answers) return []
      const place = region === null ? '' : ` in ${countryName(region)}`
      const others = queries.length - 1
      return [
        {
          kind: 'query-without-page' as const,
          subject: `${region ?? ''} ${query}`,
          question: query.endsWith('?') ? query : `What should somebody know who searches for "${query}"?`,
          topic: query,
          readers: `People${place} who search for "${query}"${others === 0 ? '' : ` and ${others} similar ${others === 1 ? 'query' : 'queries'}`}`,
          region,
          language: null,
          evidence: findQueryEvidence(
            knowledge,
            region,
            queries.map((one) => one.query),
          ),
          update:
            best !== undefined && best.share >= comesClose
              ? [
                  {
                    post: best.post.post,
                    advice: 'update' as const,
                    reason: `Its title and headings have ${Math.round(100 * best.share)} % of the question's terms: extend it in place of a new post.`,
                  },
                ]
              : [],
          score: visits,
          why: `The site was shown ${times(Math.round(impressions))} in four weeks${place} for "${query}"${others === 0 ? '' : ' and similar queries'}${position === null ? '' : `, at mean position ${position.toFixed(1)}`}, and opened ${times(Math.round(search.clicks))}. No post's title and headings answer it. At a click-through rate of ${(100 * rate).toFixed(1)} % it would bring about ${Math.round(visits)} more visits.`,
        },
      ]
    }),
  )
}
