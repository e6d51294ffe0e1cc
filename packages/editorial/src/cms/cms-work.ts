import { createSiteClient, defaultFetchLimits, type FetchLimits } from '@peerpress/publisher'
import { draftPostQueue, pageChangeQueue, type Registry, type StopWork } from '@peerpress/registry'
import { createPageChanges } from '../advice/change-page.ts'
import { createPublicPageReader } from '../advice/read-public-page.ts'
import { createTextReader } from '../reading/reader.ts'
import { createCms } from './cms.ts'
import { createDraftDelivery } from './deliver-draft.ts'

export interface CmsWorkOptions {
  readonly registry: Pick<
    Registry,
    'drafts' | 'draftPosts' | 'evidence' | 'jobs' | 'pageTexts' | 'pageTrials' | 'posts' | 'sites'
  >
  /** Limits of fetches from sites. @default defaultFetchLimits */
  readonly limits?: FetchLimits
  /** ms since the Unix epoch. @default Date.now */
  readonly now?: () => number
}

/** Sites whose changes are written at the same time. */
const concurrency = 2

/** Works on what people approved: changes of pages, and drafts. Resolves to a function that stops it. */
export async function startCmsWork({
  registry,
  limits = defaultFetchLimits,
  now = Date.now,
}: CmsWorkOptions): Promise<StopWork> {
  const client = createSiteClient({ limits })
  const reader = createTextReader()
  const cms = createCms({ registry, client, now })
  const readPage = createPublicPageReader({ registry, client, reader, limits })
  const ending: (() => Promise<void>)[] = []
  const stop = async () => {
    await Promise.all(ending.map((end) => end()))
    await Promise.all([client.close(), reader.close()])
  }
  try {
    ending.push(
      await registry.jobs.work(pageChangeQueue, concurrency, createPageChanges({ registry, cms, readPage })),
    )
    ending.push(await registry.jobs.work(draftPostQueue, concurrency, createDraftDelivery({ registry, cms })))
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
