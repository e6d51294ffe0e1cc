import type { Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { PublisherError } from './publisher-error.ts'

/**
 * Returns a registered site.
 * @throws {PublisherError} `unknown-site`
 */
export async function findSite(registry: Registry, id: SiteId): Promise<Site> {
  const site = await registry.sites.get(id)
  if (site === null) throw new PublisherError('unknown-site', 'no site has this id')
  return site
}

/**
 * Returns the site if it is connected.
 * @throws {PublisherError} `disconnected`
 */
export function requireConnected(site: Site): Site {
  if (site.disconnectedAt === null) return site
  throw new PublisherError('disconnected', 'the site has disconnected; connect it again to publish')
}
