import { Router } from 'express'
import type { Publisher } from '@peerpress/publisher'
import type { Bodies } from '../entry/bodies.ts'
import { signedMessage } from '../entry/signed-message.ts'

/** bytes. The message has a hundred ids and the site's home URL. */
const maxMessageBytes = 16 * 1024

/**
 * `POST /v1/sites/:site/receipts` accepts a signed `{"home_url": …, "posts": ["12", …]}` with at most 100 ids and answers
 * `{"receipts": [{post, result, version, assets, leftOut, code, message, at}]}`, one for each post that has an outcome.
 */
export function receiptRoutes({
  publisher,
  bodies,
}: {
  readonly publisher: Pick<Publisher, 'receipts'>
  readonly bodies: Bodies
}): Router {
  const router = Router()
  router.post(
    '/v1/sites/:site/receipts',
    bodies.middleware<{ site: string }>(maxMessageBytes),
    signedMessage(async (signed, response) => {
      response.set('Cache-Control', 'no-store')
      response.json({ receipts: await publisher.receipts(signed) })
    }),
  )
  return router
}
