import { createSiteClient, defaultFetchLimits, type FetchLimits } from '@peerpress/publisher'
import type { Registry, Site, Upload } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { makeBriefs } from './briefs/make-briefs.ts'
import { EditorialError } from './editorial-error.ts'
import { type EvidenceSources, gatherEvidence } from './evidence/gather.ts'
import { addUpload, type EvidenceUpload } from './evidence/upload.ts'
import { createTextReader } from './reading/reader.ts'

/** The queue of lists that somebody requested. */
const briefsJob = 'briefs'

/** Evidence and briefs of sites. */
export interface Editorial {
  /** Gathers a site's evidence and makes its list of the day. Does nothing for a site that does not exist. */
  makeBriefs(site: SiteId, signal?: AbortSignal): Promise<void>
  /** Does so for all sites, one after another. A site that fails does not keep the others from theirs. */
  makeAll(signal: AbortSignal): Promise<void>
  /** Requests a new list of the day. Requests of a site that waits already change nothing. */
  requestBriefs(site: SiteId): Promise<void>
  /** Works on requested lists. Resolves to a function that stops it. */
  work(): Promise<() => Promise<void>>
  /** Stores an upload as evidence. @throws {EditorialError} `bad-upload`, `unknown-site` */
  addUpload(site: SiteId, upload: EvidenceUpload): Promise<Upload>
  /** Ends connections and threads. */
  close(): Promise<void>
}

export interface EditorialOptions extends Pick<EvidenceSources, 'store' | 'insights' | 'community'> {
  readonly registry: Pick<
    Registry,
    'sites' | 'posts' | 'pageTexts' | 'searchQueries' | 'evidence' | 'uploads' | 'briefs' | 'jobs'
  >
  /** Limits of fetches from sites. @default defaultFetchLimits */
  readonly limits?: FetchLimits
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

export function createEditorial({
  registry,
  store,
  insights,
  community,
  limits = defaultFetchLimits,
  now = Date.now,
}: EditorialOptions): Editorial {
  const client = createSiteClient({ limits })
  const reader = createTextReader()
  const sources: EvidenceSources = { registry, store, insights, community, client, reader, now }

  async function makeOf(site: Site, signal: AbortSignal): Promise<void> {
    const knowledge = await gatherEvidence(site, sources, signal)
    await registry.briefs.record(site.id, knowledge.day, makeBriefs(knowledge))
  }
  const make = async (id: SiteId, signal: AbortSignal) => {
    const site = await registry.sites.get(id)
    if (site !== null) await makeOf(site, signal)
  }

  return {
    makeBriefs: (site, signal = new AbortController().signal) => make(site, signal),
    makeAll: async (signal) => {
      const failures: unknown[] = []
      for (const site of await registry.sites.list()) {
        signal.throwIfAborted()
        await makeOf(site, signal).catch((error: unknown) => failures.push(error))
      }
      signal.throwIfAborted()
      if (failures.length > 0) {
        throw new AggregateError(failures, `${failures.length} sites got no briefs: ${String(failures[0])}`)
      }
    },
    requestBriefs: async (site) => {
      await registry.jobs.enqueue({ name: briefsJob, key: site, group: site, data: { site } })
    },
    work: () =>
      registry.jobs.work(briefsJob, 1, async ({ data, signal }) => {
        await make((data as { readonly site: SiteId }).site, signal)
      }),
    addUpload: async (id, upload) => {
      const site = await registry.sites.get(id)
      if (site === null) throw new EditorialError('unknown-site', 'There is no such site.')
      return addUpload(site, upload, { registry, reader })
    },
    close: async () => {
      await Promise.all([client.close(), reader.close()])
    },
  }
}
