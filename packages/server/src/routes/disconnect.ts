import { Router } from 'express'
import type { Publisher } from '@peerpress/publisher'
import type { Bodies } from '../entry/bodies.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes; the message has nothing but the site's home URL. */
const maxMessageBytes = 4 * 1024

/**
 * `POST /v1/sites/:site/disconnect` takes a signed `{"home_url": …}`: the site's tickets are refused from then on, its
 * lines closed, its posts revoked and its mirror copies removed. Repeated, it is answered alike. Measurements stay.
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
