import type { Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { PublisherError } from './publisher-error.ts'
import { isHomeOf, type MessageHeaders, type SiteMessage, verifySiteMessage } from './site-message.ts'

/** A request of a site's CMS, signed with the site's webhook secret. */
export interface SignedMessage {
  readonly site: SiteId
  readonly headers: MessageHeaders
  readonly body: Buffer
}

/**
 * Verifies a message of a connected site.
 * @throws {PublisherError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`, `disconnected`.
 */
export async function readSignedMessage(
  registry: Registry,
  signed: SignedMessage,
): Promise<SiteMessage & { readonly site: Site }> {
  const message = await verifySignedMessage(registry, signed)
  requireConnected(message.site)
  return message
}

/**
 * Verifies a message of a site that may have disconnected.
 * @throws {PublisherError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`.
 */
export async function verifySignedMessage(
  registry: Registry,
  { site: id, headers, body }: SignedMessage,
): Promise<SiteMessage & { readonly site: Site }> {
  const [site, secret] = await Promise.all([findSite(registry, id), registry.sites.webhookSecret(id)])
  if (secret === null) throw unknownSite()
  const message = verifySiteMessage(secret, headers, body)
  if (!isHomeOf(site, message.homeUrl)) {
    throw new PublisherError('other-home', `signed by ${message.homeUrl}, but the site is ${site.url}`)
  }
  return { ...message, site }
}

/**
 * Returns a registered site.
 * @throws {PublisherError} `unknown-site`
 */
export async function findSite(registry: Registry, id: SiteId): Promise<Site> {
  const site = await registry.sites.get(id)
  if (site === null) throw unknownSite()
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

function unknownSite(): PublisherError {
  return new PublisherError('unknown-site', 'no site has this id')
}
