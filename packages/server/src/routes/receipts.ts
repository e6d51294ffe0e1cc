import { Router } from 'express'
import { type Publisher, PublisherError } from '@peerpress/publisher'
import type { Bodies } from '../entry/bodies.ts'
import { messageProblem } from '../message-problem.ts'
import { sendProblem } from '../problem.ts'

/** bytes; a hundred ids and the site's home URL. */
const maxMessageBytes = 16 * 1024

/**
 * `POST /v1/sites/:site/receipts` takes a signed `{"home_url": …, "posts": ["12", …]}`, at most 100 ids, and answers
 * `{"receipts": [{post, result, version, assets, leftOut, code, message, at}]}`, one for each post that was looked at.
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
    async (request, response) => {
      response.set('Cache-Control', 'no-store')
      try {
        const receipts = await publisher.receipts({
          site: request.params.site,
          headers: request.headers,
          body: request.body as Buffer,
        })
        response.json({ receipts })
      } catch (error) {
        const problem = error instanceof PublisherError ? messageProblem(error) : undefined
        if (problem === undefined) throw error
        sendProblem(response, problem)
      }
    },
  )
  return router
}
