import type { Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { ConnectorError } from '../connector-error.ts'
import type { MessageHeaders, SignedRequest } from '../contract.ts'
import { isHomeOf, type SiteMessage, verifySiteMessage } from './site-message.ts'

/** A request of a site's CMS, signed with the site's webhook secret. */
export interface SignedMessage {
  readonly site: SiteId
  readonly headers: MessageHeaders
  readonly body: Buffer
}

/** A verified message, and the site that sent it. */
export type MessageOfSite = SiteMessage & { readonly site: Site }

/**
 * Verifies a message of a connected site.
 * @throws {ConnectorError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`, `disconnected`.
 */
export async function readSignedMessage(
  registry: Pick<Registry, 'sites'>,
  signed: SignedMessage,
): Promise<MessageOfSite> {
  const message = await verifySignedMessage(registry, signed)
  if (message.site.disconnectedAt === null) return message
  throw new ConnectorError('disconnected', 'the site has disconnected; connect it again to publish')
}

/**
 * Verifies a message of a site that may have disconnected.
 * @throws {ConnectorError} `unknown-site`, `bad-signature`, `stale`, `bad-event`, `other-home`.
 */
export async function verifySignedMessage(
  registry: Pick<Registry, 'sites'>,
  { site: id, headers, body }: SignedMessage,
): Promise<MessageOfSite> {
  const [site, secret] = await Promise.all([registry.sites.get(id), registry.sites.webhookSecret(id)])
  if (site === null || secret === null) throw new ConnectorError('unknown-site', 'no site has this id')
  const message = await verified(registry, { id, secret, headers, body })
  if (!isHomeOf(site, message.homeUrl)) {
    throw new ConnectorError('other-home', `signed by ${message.homeUrl}, but the site is ${site.url}`)
  }
  return { ...message, site }
}

/** Verifies with the site's secret, else with the one that follows it. The first message signed with that ends the former. */
async function verified(
  { sites }: Pick<Registry, 'sites'>,
  { id, ...request }: SignedRequest & { readonly id: SiteId },
): Promise<SiteMessage> {
  try {
    return verifySiteMessage(request)
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== 'bad-signature') throw error
    const secret = await sites.nextWebhookSecret(id)
    if (secret === null) throw error
    const message = verifySiteMessage({ ...request, secret })
    await sites.confirmWebhookSecret(id, secret)
    return message
  }
}
