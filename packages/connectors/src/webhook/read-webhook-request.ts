import type { Registry, Site } from '@peerpress/registry'
import type { SiteId } from '@peerpress/wire'
import { ConnectorError } from '../connector-error.ts'
import type { MessageHeaders } from '../contract.ts'
import type { EventMessage } from '../events/read-batch.ts'
import { readWebhook } from './webhook-event.ts'

/** A request to a webhook of a site. */
export interface WebhookRequest {
  readonly site: SiteId
  readonly connector: string
  readonly headers: MessageHeaders
  readonly body: Buffer
}

/**
 * Verifies a request to a webhook, and records that the webhook works.
 * @throws {ConnectorError} `unknown-connector`, `bad-signature`, `stale`, `bad-event`.
 */
export async function readWebhookRequest(
  { connectors, sites }: Pick<Registry, 'connectors' | 'sites'>,
  { site: siteId, connector, headers, body }: WebhookRequest,
): Promise<{ readonly site: Site; readonly message: EventMessage }> {
  const [record, secret] = await Promise.all([connectors.get(connector), connectors.secretOf(connector)])
  const site = record?.site === siteId ? await sites.get(siteId) : null
  if (site === null || secret === null) {
    throw new ConnectorError('unknown-connector', 'the site has no webhook with this id')
  }
  const message = readWebhook({ secret, headers, body })
  await connectors.received(connector)
  return { site, message }
}
