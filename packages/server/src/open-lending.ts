import { type CommunityLending, createLending, ReceiptWriter } from '@peerpress/community'
import type { Publisher } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import type { LendingRecords } from '@peerpress/tracker'

/** The rule whose findings name the countries in which a site lags. */
const laggingRule = 'lagging-region'

/** Creates what this server does with lent seeds, on its records. */
export function openLending(registry: Registry, publisher: Pick<Publisher, 'isUnread'>): CommunityLending {
  return createLending({
    registry,
    memberOf: async (site) => (await registry.memberSites.get(site))?.member ?? null,
    isUnread: (site, post) => publisher.isUnread(site, post),
    laggingRegions: async (site) => {
      const findings = await registry.findings.list(site)
      return findings
        .filter(({ rule, dismissedAt }) => rule === laggingRule && dismissedAt === null)
        .map(({ subject }) => subject)
    },
  })
}

/** Records the lent seeds of a tracker, and receipts for them. */
export function lendingRecords({ lending }: Pick<Registry, 'lending'>): LendingRecords {
  const writer = new ReceiptWriter(lending)
  return {
    onJoin: async (peer, seed) => {
      await lending.join(peer, seed)
    },
    onClaim: (claim) => writer.write(claim),
  }
}
