import type { SiteFinding } from '@peerpress/insights'
import { type EvidenceItem, evidenceItem, type QueryExport } from '@peerpress/registry'
import type { BreakdownRow, SearchLanding } from '@peerpress/store'
import type { PostId, SiteId } from '@peerpress/wire'
import { countryName } from '../country-name.ts'
import type { KnownPost, SiteKnowledge } from './knowledge.ts'
import { times } from '../language/times.ts'

/** The site and the day of an item. */
export interface ItemContext {
  readonly site: SiteId
  /** The last day of the last complete week, `YYYY-MM-DD`. */
  readonly date: string
}

const none = { region: null, language: null, post: null, title: null, url: null } as const
/** The sentences of items that are made here. */
const english = 'en'

/** Returns an item for each finding. Its date is that of the analysed weeks, so that it is the same until the next week. */
export function findingItems(findings: readonly SiteFinding[], context: ItemContext): EvidenceItem[] {
  return findings.map(({ content }) =>
    evidenceItem({
      ...none,
      ...context,
      source: 'finding',
      region: content.country,
      language: english,
      post: content.post,
      text: content.sentence,
      url: /^https?:/.test(content.link) ? content.link : null,
    }),
  )
}

/** Queries of an export that become evidence: those with most impressions. */
const maxQueries = 300

/** Returns an item for each query. */
export function queryItems(exports: readonly QueryExport[], site: SiteId): EvidenceItem[] {
  return exports.flatMap(({ region, firstDay, lastDay, queries }) =>
    queries.slice(0, maxQueries).map(({ query, impressions, clicks, position }) => {
      const place = region === null ? '' : ` in ${countryName(region)}`
      const at = position === null ? '' : ` at mean position ${position.toFixed(1)}`
      return evidenceItem({
        ...none,
        site,
        source: 'query',
        date: lastDay,
        region,
        title: query,
        text: `People searched for "${query}"${place}: the site was shown ${times(impressions)}${at} and opened ${times(clicks)}, from ${firstDay} to ${lastDay}.`,
      })
    }),
  )
}

interface Engagement {
  readonly posts: readonly BreakdownRow[]
  readonly countries: readonly BreakdownRow[]
  readonly landings: SiteKnowledge['landings']
  readonly known: readonly KnownPost[]
}

/** Returns what readers did: an item for each post, and for each country, with enough views. */
export function engagementItems(
  { posts, countries, landings, known }: Engagement,
  context: ItemContext,
): EvidenceItem[] {
  const titles = new Map(known.map((post) => [post.post, post]))
  const visitsOf = (rows: readonly SearchLanding[], post: PostId) =>
    Math.round(rows.find((row) => row.post === post)?.visits ?? 0)
  const weeks = `in the four weeks to ${context.date}`
  const ofPosts = posts.flatMap(({ key, metrics }) => {
    const read = readText(metrics)
    if (key === null || read === null) return []
    const post = titles.get(key)
    const recent = visitsOf(landings.recent, key)
    const earlier = visitsOf(landings.earlier, key)
    return evidenceItem({
      ...none,
      ...context,
      source: 'engagement',
      language: english,
      post: key,
      title: post?.title ?? null,
      text: `Readers of "${post?.title ?? key}" ${read} ${weeks}. ${recent} visits came from search engines, after ${earlier} in the four weeks before.`,
      url: post?.url ?? null,
    })
  })
  const ofCountries = countries.flatMap(({ key, metrics }) => {
    const read = readText(metrics)
    if (key === null || read === null) return []
    const text = `Readers in ${countryName(key)} ${read} ${weeks}.`
    return evidenceItem({ ...none, ...context, source: 'engagement', language: english, region: key, text })
  })
  return [...ofPosts, ...ofCountries]
}

/** Returns what was measured in words; null if it is too little. */
function readText({ views, engagement }: BreakdownRow['metrics']): string | null {
  const { engagedMs, scrollDepth } = engagement
  if (engagedMs === null || !engagedMs.enough) return null
  const depth =
    scrollDepth === null || !scrollDepth.enough
      ? ''
      : ` and reached ${Math.round(100 * scrollDepth.value)} % of the page`
  return `read for ${Math.round(engagedMs.value / 1000)} s${depth} (medians of ${views} views)`
}

/** Returns which posts are read in a country: local facts of a region that lags. */
export function regionItems(
  { region, rows }: { readonly region: string; readonly rows: readonly BreakdownRow[] },
  known: readonly KnownPost[],
  context: ItemContext,
): EvidenceItem[] {
  return rows.slice(0, 10).flatMap(({ key, metrics: { views } }) => {
    const post = known.find((each) => each.post === key)
    if (post === undefined) return []
    const text = `Readers in ${countryName(region)} opened "${post.title}" ${times(views)} in the four weeks to ${context.date}.`
    return evidenceItem({
      ...context,
      source: 'engagement',
      region,
      language: english,
      post: post.post,
      title: post.title,
      text,
      url: post.url,
    })
  })
}
