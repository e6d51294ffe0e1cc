import { Router } from 'express'
import type { Publisher } from '@peerpress/publisher'
import type { Bodies } from '../entry/bodies.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes. The message has the site's home URL alone. */
const maxMessageBytes = 4 * 1024

/**
 * `POST /v1/sites/:site/disconnect` accepts a signed `{"home_url": …}`: the site gets no more tickets, its lines are closed, its
 * posts are revoked and its mirror copies removed. A repeated request gets the same answer. Measurements stay.
 */
export function disconnectRoutes({
  publisher,
  bodies,
}: {
  readonly publisher: Pick<Publisher, 'disconnect'>
  readonly bodies: Bodies
}): Router {
  const router = Router()
  router.post(
    '/v1/sites/:site/disconnect',
    bodies.middleware<{ site: string }>(maxMessageBytes),
    signedMessage(async (signed, response) => {
      await publisher.disconnect(signed)
      response.status(202).json({ accepted: true })
    }),
  )
  return router
}
