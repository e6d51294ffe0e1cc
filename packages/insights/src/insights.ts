import type { QueryExport, Registry, StoredFinding } from '@peerpress/registry'
import { type Store, weekStart } from '@peerpress/store'
import type { SiteId } from '@peerpress/wire'
import type { FindingContent } from './findings/finding.ts'
import { findAll } from './findings/find.ts'
import { type RuleName, rules } from './findings/rules/rules.ts'
import { gatherFacts } from './gather.ts'
import { InsightsError } from './insights-error.ts'
import type { SiteRegions } from './regions/site-regions.ts'
import { requireComparable } from './search-export/periods.ts'
import { type ExportInput, readExport, type ReadExport } from './search-export/read-export.ts'
import { readQueries } from './search-export/read-queries.ts'

/** A dismissed finding is clearly worse when its effect is this many times that of its dismissal. */
const clearlyWorse = 1.5

/** The queue of analyses that an import requests. */
const analysisJob = 'analysis'

/** A finding of the last analysis of a site. */
export type SiteFinding = Omit<StoredFinding, 'rule' | 'content'> & {
  readonly rule: RuleName
  readonly content: FindingContent
}

/** The names of a finding. */
export interface FindingKey {
  readonly site: SiteId
  readonly rule: string
  readonly subject: string
}

/** Search Console's exports of the last four weeks, and of the 24 weeks before. */
export interface SearchImport {
  readonly recent: ExportInput
  readonly earlier: ExportInput
}

/** Regions and findings of sites. */
export interface Insights {
  /** Counts a site's search visits, and analyses it. Does nothing for a site that does not exist. */
  analyse(site: SiteId, signal?: AbortSignal): Promise<void>
  /** Analyses all sites, one after another. A site whose analysis fails does not keep the others from theirs. */
  analyseAll(signal: AbortSignal): Promise<void>
  /**
   * Records exports, and the queries of the recent one if it has them, and requests an analysis of the site.
   * @throws {InsightsError} `bad-export`, `bad-period`, `unknown-site`
   */
  importSearch(site: SiteId, exports: SearchImport): Promise<Readonly<Record<keyof SearchImport, ReadExport>>>
  /**
   * Records the queries of an export.
   * @param input its region is the country that the export was filtered by; null if it was not
   * @throws {InsightsError} `bad-export`, `unknown-site`
   */
  importQueries(site: SiteId, input: ExportInput & { readonly region: string | null }): Promise<QueryExport>
  /** Requests an analysis of a site, after figures were imported. */
  requestAnalysis(site: SiteId): Promise<void>
  /** Works on the analyses that imports requested. Resolves to a function that stops it. */
  work(): Promise<() => Promise<void>>
  /** Returns the regions of a site's last analysis; null before the first. */
  regions(site: SiteId): Promise<(SiteRegions & { readonly analysedAt: Date }) | null>
  /** Returns the findings of a site's last analysis, the most important first; also dismissed ones. */
  findings(site: SiteId): Promise<SiteFinding[]>
  finding(key: FindingKey): Promise<SiteFinding | null>
  /** Dismisses a finding until it is clearly worse, or takes that back. Returns null if there is no such finding. */
  dismiss(key: FindingKey, isDismissed: boolean): Promise<SiteFinding | null>
}

export interface InsightsOptions {
  readonly registry: Pick<
    Registry,
    | 'sites'
    | 'pageTexts'
    | 'posts'
    | 'releases'
    | 'searchConnections'
    | 'searchExports'
    | 'searchQueries'
    | 'findings'
    | 'jobs'
  >
  readonly store: Pick<
    Store,
    'countSearchWeeks' | 'searchWeeks' | 'searchFigures' | 'searchSums' | 'reportsFor'
  >
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

export function createInsights({ registry, store, now = Date.now }: InsightsOptions): Insights {
  async function analyse(site: SiteId, signal?: AbortSignal): Promise<void> {
    if ((await registry.sites.get(site)) === null) return
    const at = now()
    await store.countSearchWeeks({ site, now: new Date(at), signal })
    const reports = store.reportsFor({ caller: analyse, signal })
    const facts = await gatherFacts({ registry, store, reports }, site, weekStart(at))
    await registry.findings.record({
      site,
      regions: facts.regions,
      findings: findAll(facts),
      worse: clearlyWorse,
    })
  }

  const requestAnalysis = (site: SiteId) =>
    registry.jobs.enqueue({ name: analysisJob, key: site, group: site, data: { site } })

  return {
    analyse,
    requestAnalysis,
    analyseAll: async (signal) => {
      const failures: unknown[] = []
      for (const { id } of await registry.sites.list()) {
        signal.throwIfAborted()
        await analyse(id, signal).catch((error: unknown) => failures.push(error))
      }
      signal.throwIfAborted()
      if (failures.length > 0) {
        throw new AggregateError(
          failures,
          `${failures.length} sites were not analysed: ${String(failures[0])}`,
        )
      }
    },
    importSearch: async (site, exports) => {
      const recent = readExport(exports.recent)
      const earlier = readExport(exports.earlier)
      const queries = readQueries(exports.recent, null)
      requireComparable(recent, earlier)
      if (!(await registry.searchExports.record(site, [recent, earlier]))) {
        throw new InsightsError('unknown-site', 'There is no such site.')
      }
      if (queries !== null) await registry.searchQueries.record(site, [queries])
      await requestAnalysis(site)
      return { recent, earlier }
    },
    importQueries: async (site, { region, ...input }) => {
      const queries = readQueries(input, region)
      if (queries === null) {
        throw new InsightsError(
          'bad-export',
          `${input.name} has no table of queries. In Search Console open Performance, choose the days, and export as CSV.`,
        )
      }
      if (!(await registry.searchQueries.record(site, [queries]))) {
        throw new InsightsError('unknown-site', 'There is no such site.')
      }
      return queries
    },
    work: () =>
      registry.jobs.work(analysisJob, 1, async ({ data, signal }) => {
        await analyse((data as { readonly site: SiteId }).site, signal)
      }),
    regions: async (site) => {
      const found = await registry.findings.analysis(site)
      const regions = found?.regions as SiteRegions | undefined
      return found === null || regions?.version !== 1 ? null : { ...regions, analysedAt: found.analysedAt }
    },
    findings: async (site) => (await registry.findings.list(site)).filter(isKnown),
    finding: async ({ site, rule, subject }) => known(await registry.findings.get(site, rule, subject)),
    dismiss: async (key, isDismissed) => known(await registry.findings.dismiss(key, isDismissed)),
  }
}

/** A newer release may have recorded findings of rules that this one does not know. */
function isKnown(finding: StoredFinding): finding is SiteFinding {
  return rules.some(({ name }) => name === finding.rule)
}

function known(finding: StoredFinding | null): SiteFinding | null {
  return finding !== null && isKnown(finding) ? finding : null
}
