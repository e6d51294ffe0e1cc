import type { Insights } from '@peerpress/insights'
import type { EvidenceItem, Registry, Site } from '@peerpress/registry'
import { addWeeks, daysUntil, type MetricPath, type Reports, type Store, weekStart } from '@peerpress/store'
import type { CommunitySignals } from './community-signals.ts'
import type { RegionPosts, SiteKnowledge } from './knowledge.ts'
import { engagementItems, findingItems, queryItems, regionItems } from './measured-items.ts'
import { type PageRefreshOptions, refreshPages } from './page-refresh.ts'
import { mainLanguage, postItems } from './post-items.ts'
import { signalItems } from './signal-items.ts'

/** The dependencies of gathering. */
export interface EvidenceSources extends Pick<PageRefreshOptions, 'client' | 'reader'> {
  readonly registry: Pick<Registry, 'posts' | 'pageTexts' | 'searchQueries' | 'evidence'>
  readonly store: Pick<Store, 'reportsFor' | 'searchLandings'>
  readonly insights: Pick<Insights, 'findings'>
  readonly community: CommunitySignals
  /** ms since the Unix epoch */
  readonly now: () => number
}

const most = { posts: 200, countries: 100, ofRegion: 50 } as const
const weeks = 4
const metrics: readonly MetricPath[] = ['engagement.engagedMs', 'engagement.scrollDepth']

/** Reads all that is known of a site, records it as evidence, and returns it. */
export async function gatherEvidence(
  site: Site,
  sources: EvidenceSources,
  signal: AbortSignal,
): Promise<SiteKnowledge> {
  const { registry, store, insights, community, now } = sources
  const at = now()
  const end = weekStart(at)
  const dayOf = (moment: Date) => daysUntil(moment, 1, site.timeZone).last
  const context = { site: site.id, date: new Date(end - 1).toISOString().slice(0, 10) }
  const texts = await refreshPages(site, sources, signal)
  const reports = store.reportsFor({ caller: gatherEvidence, signal })
  const recent = { site: site.id, from: new Date(addWeeks(end, -weeks)), to: new Date(end) }
  const earlier = { site: site.id, from: new Date(addWeeks(end, -2 * weeks)), to: recent.from }
  const [posts, queries, allFindings, byPost, byCountry, landedRecently, landedEarlier] = await Promise.all([
    registry.posts.list(site.id),
    registry.searchQueries.latest(site.id),
    insights.findings(site.id),
    reports.breakdown({ ...recent, metrics }, 'post', most.posts),
    reports.breakdown({ ...recent, metrics }, 'country', most.countries),
    store.searchLandings(recent),
    store.searchLandings(earlier),
  ])
  const findings = allFindings.filter(({ dismissedAt }) => dismissedAt === null)
  const ofPosts = postItems(texts, { posts, dayOf })
  const { known } = ofPosts
  const said = await signalItems(site, { community, known, dayOf, now: at })
  const landings = { recent: landedRecently, earlier: landedEarlier }
  const regions = await regionReports(findings, { reports, range: recent })
  const items: EvidenceItem[] = [
    ...findingItems(findings, context),
    ...queryItems(queries, site.id),
    ...engagementItems({ posts: byPost, countries: byCountry, landings, known }, context),
    ...regions.flatMap((region) => regionItems(region, known, context)),
    ...ofPosts.items,
    ...said.items,
  ]
  signal.throwIfAborted()
  await registry.evidence.record(site.id, gathered, items)
  return {
    site,
    day: dayOf(new Date(at)),
    language: mainLanguage(known),
    posts: known,
    findings,
    queries,
    landings,
    regionPosts: regions.map(({ region, rows }): RegionPosts => ({
      region,
      posts: rows.flatMap(({ key }) => key ?? []),
    })),
    signals: said.signals,
    evidence: await registry.evidence.list(site.id),
  }
}

/** The sources that are recorded together; uploads stay until somebody removes them. */
const gathered = ['finding', 'query', 'engagement', 'post', 'downvote', 'report', 'question'] as const

/** Countries that are read by post: those of the highest findings. */
const maxRegions = 10

async function regionReports(
  findings: SiteKnowledge['findings'],
  {
    reports,
    range,
  }: {
    readonly reports: Pick<Reports, 'breakdown'>
    readonly range: { readonly site: string; readonly from: Date; readonly to: Date }
  },
) {
  const lagging = findings.filter(({ rule }) => rule === 'lagging-region').slice(0, maxRegions)
  return Promise.all(
    lagging.map(async ({ subject: region }) => {
      const query = { ...range, filter: { country: region }, metrics: [] }
      return { region, rows: await reports.breakdown(query, 'post', most.ofRegion) }
    }),
  )
}
