import type { Registry } from '@peerpress/registry'
import type { Store } from '@peerpress/store'
import { type Community, createCommunity } from './community.ts'
import { createStandingOrder } from './feed/standing-order.ts'
import { createCommunityLedger } from './ledger/community-ledger.ts'
import { type CommunityLending, createLending } from './lending/lending.ts'
import { createMemberWeb } from './member-web.testing.ts'
import { castVote } from './standing/cast-vote.ts'
import { createMeasuredViews } from './standing/measured-views.ts'
import { createModeration, type Moderation } from './trust/moderation.ts'

/** The parts of a community that the graph shows. */
export interface TestCommunity {
  readonly community: Community
  readonly moderation: Moderation
  readonly lending: CommunityLending
}

/** Opens the community on open engines. Its sites answer as `createMemberWeb` makes them. */
export function openTestCommunity({
  registry,
  store,
}: {
  readonly registry: Registry
  readonly store: Store
}): TestCommunity {
  const now = Date.now
  const ledger = createCommunityLedger({ registry })
  const views = createMeasuredViews(store, now)
  return {
    community: createCommunity({
      registry,
      ledger,
      order: createStandingOrder({ registry, views, now }),
      castVote: (vote) => castVote({ registry, ledger, views, now }, vote),
      client: createMemberWeb(registry),
    }),
    moderation: createModeration({
      registry,
      ledger,
      now,
    }),
    lending: createLending({
      registry,
      memberOf: async () => null,
      isUnread: async () => false,
      laggingRegions: async () => [],
    }),
  }
}
