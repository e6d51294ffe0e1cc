import { draftQueue, type Registry, type StopWork } from '@peerpress/registry'
import type { EndpointLimits } from '../models/endpoint-fetch.ts'
import type { LocalModels } from '../models/local/local-models.ts'
import { openModel } from '../models/open-model.ts'
import { createDraftWriter } from './write-draft.ts'

export interface DraftWorkOptions {
  readonly registry: Pick<Registry, 'briefs' | 'drafts' | 'evidence' | 'jobs' | 'models' | 'pageTexts'>
  readonly localModels: LocalModels
  /** Of calls to endpoints. @default the limits of `endpointLimits` */
  readonly limits?: Partial<EndpointLimits>
}

/** Drafts that a server writes at the same time. Each mostly waits for its model. */
const concurrency = 2

/** Creates the work on requested drafts. It returns a function that stops it. */
export function createDraftWork(options: DraftWorkOptions): () => Promise<StopWork> {
  const { registry } = options
  const write = createDraftWriter({ registry, openModel: (site) => openModel(options, site) })
  return () => registry.jobs.work(draftQueue, concurrency, write)
}
