import { maxBeaconLength } from '@peerpress/wire'
import type { Collector } from '@peerpress/collector'
import { Router, raw } from 'express'
import type { ClientAddress } from '../client-address.ts'
import { sendProblem } from '../problem.ts'

/** `POST /v1/beacon`: 204 once the beacon is on disk, or has been dropped for a reason that no retry would mend. */
export function beaconRoutes(collector: Collector, clientAddress: ClientAddress): Router {
  const router = Router()
  // One byte over the limit is enough for the collector to refuse and count it.
  router.post(
    '/v1/beacon',
    raw({ type: () => true, limit: 4 * maxBeaconLength }),
    async (request, response) => {
      response.set('Access-Control-Allow-Origin', '*')
      const outcome = await collector.receive({
        body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        origin: request.get('Origin') ?? null,
        userAgent: request.get('User-Agent') ?? '',
        address: clientAddress(request),
      })
      if (outcome.accepted || outcome.status === 204) {
        response.status(204).end()
        return
      }
      const { status, reason, detail, retryAfter } = outcome
      sendProblem(response, {
        status,
        code: reason,
        detail,
        ...(retryAfter === undefined ? {} : { retryAfter }),
      })
    },
  )
  router.options('/v1/beacon', (_request, response) => {
    response
      .set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Content-Type',
        'Access-Control-Max-Age': '86400',
      })
      .status(204)
      .end()
  })
  return router
}
