import { readWebhookRequest } from '@peerpress/connectors'
import type { Publisher } from '@peerpress/publisher'
import type { Registry } from '@peerpress/registry'
import { Router } from 'express'
import type { Bodies } from '../entry/bodies.ts'
import { signedRequest } from '../entry/signed-message.ts'

/** bytes. A batch of 100 events with addresses of usual length takes half of this. */
const maxMessageBytes = 64 * 1024

/**
 * `POST /v1/sites/:site/connectors/:connector/events` accepts signed events of any CMS (Standard Webhooks), one or a batch,
 * with 202.
 */
export function webhookRoutes({
  registry,
  publisher,
  bodies,
}: {
  readonly registry: Pick<Registry, 'connectors' | 'sites'>
  readonly publisher: Pick<Publisher, 'receiveChanges'>
  readonly bodies: Bodies
}): Router {
  const router = Router()
  router.post(
    '/v1/sites/:site/connectors/:connector/events',
    bodies.middleware<{ site: string; connector: string }>(maxMessageBytes),
    signedRequest<{ site: string; connector: string }>(async ({ params, headers, body }, response) => {
      const request = { ...params, headers, body: body as Buffer }
      const { site, message } = await readWebhookRequest(registry, request)
      const { isBatch, ...receipt } = await publisher.receiveChanges(site, message)
      response.status(202).json(isBatch ? receipt : { accepted: true })
    }),
  )
  return router
}
