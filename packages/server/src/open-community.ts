import {
  castVote,
  type Community,
  createCommunity,
  createCommunityLedger,
  createMeasuredViews,
  createStandingOrder,
} from '@peerpress/community'
import { createSiteClient, defaultFetchLimits } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'

/** The community, and the end of its requests to sites. */
export interface OpenCommunity extends Community {
  close(): Promise<void>
}

/** Composes the community of this server. */
export function openCommunity({
  registry,
  store,
}: {
  readonly registry: Registry
  readonly store: Store
}): OpenCommunity {
  const now = Date.now
  const ledger = createCommunityLedger({ registry })
  const views = createMeasuredViews(store, now)
  const client = createSiteClient({ limits: defaultFetchLimits })
  const community = createCommunity({
    registry,
    ledger,
    order: createStandingOrder({ registry, views, now }),
    castVote: (vote) => castVote({ registry, ledger, views, now }, vote),
    client,
    now,
  })
  return { ...community, close: () => client.close() }
}
