import {
  createCommunityLedger,
  createModeration,
  createRereading,
  type Moderation,
  type Rereading,
} from '@peerpress/community'
import { createSiteClient, defaultFetchLimits, type Publisher } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'

/** Moderation and re-reads of shared posts, and the end of the requests to sites. */
export interface Trust {
  readonly moderation: Moderation
  readonly rereading: Rereading
  close(): Promise<void>
}

/** Composes what decides about shared posts on this server. */
export function openTrust(registry: Registry, publisher: Pick<Publisher, 'publish'>): Trust {
  const client = createSiteClient({ limits: defaultFetchLimits })
  const now = Date.now
  const moderation = createModeration({
    registry,
    ledger: createCommunityLedger({ registry }),
    now,
  })
  const republish: Parameters<typeof createRereading>[0]['republish'] = (site, post, url) =>
    publisher.publish(site, post, url)
  const rereading = createRereading({ registry, client, moderation, republish, now })
  return { moderation, rereading, close: () => client.close() }
}
