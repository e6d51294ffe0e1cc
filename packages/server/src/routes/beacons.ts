import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Collector, Drop, PartialDrop } from '@peerpress/collector'
import { networkOf } from '@peerpress/tracker'
import { maxBatchLength } from '@peerpress/wire'
import { Router } from 'express'
import type { ClientAddress } from '../entry/client-address.ts'
import { type Bodies, bodyProblem } from '../entry/bodies.ts'
import { closeUnread } from '../entry/close-unread.ts'
import { acceptedCodings } from '../entry/decode-body.ts'
import { failUnexpectedly, sendProblem } from '../entry/problem.ts'

const path = '/v1/beacon'

/** Longest body, as sent and as decoded, bytes. The collector refuses a beacon over its own, smaller limit. */
const maxBodyLength = maxBatchLength

/** What a browser asks before a page may send a beacon with a head of its own. */
export function beaconPreflight(): Router {
  const router = Router()
  router.options(path, (_request, response) => {
    response
      .set({
        'Access-Control-Allow-Origin': '*',
        'Access-Control-Allow-Methods': 'POST',
        'Access-Control-Allow-Headers': 'Content-Type, Content-Encoding',
        'Access-Control-Max-Age': '86400',
      })
      .status(204)
      .end()
  })
  return router
}

/**
 * `POST /v1/beacon`: 204 once the beacon, or each of a list of them, is on disk. Without the steps that any other request
 * goes through: beacons are most of all requests, and those steps cost more than the beacon itself. Returns false, and
 * does nothing, for any other request.
 */
export function beaconReceiver(
  collector: () => Collector | null,
  { bodies, clientAddress }: { readonly bodies: Bodies; readonly clientAddress: ClientAddress },
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const { method, url } = request
    if (method !== 'POST' || (url !== path && !url?.startsWith(`${path}?`))) return false
    const { origin = null, 'user-agent': userAgent = '' } = request.headers
    // Read now: it is gone when the reader closes the connection meanwhile.
    const address = clientAddress(request)
    const receive = async () => {
      const running = collector()
      const body = await bodies.read(request, maxBodyLength)
      // A reader that leaves before its body is complete leaves no beacon.
      if (body === 'incomplete') return
      if (running === null) {
        closeUnread(request, response)
        answer(response, notRunning)
        return
      }
      if (typeof body === 'string') {
        if (body === 'unsupported-encoding') response.setHeader('Accept-Encoding', acceptedCodings)
        closeUnread(request, response)
        answer(response, running.refuse(body === 'busy' ? 'unavailable' : body, bodyProblem(body).detail))
        return
      }
      const outcome = await running.receive({
        body,
        origin,
        userAgent,
        address,
        network: networkOf(address),
      })
      answer(response, outcome.accepted ? null : outcome)
    }
    receive().catch((error: unknown) => failUnexpectedly(response, error))
    return true
  }
}

/** The answer while the collector does not run: the reader's browser sends the beacon again. */
const notRunning: Drop = {
  accepted: false,
  status: 503,
  reason: 'unavailable',
  detail: 'The collector does not run at the moment.',
  retryAfter: 10,
}

const taken = { 'Access-Control-Allow-Origin': '*' }

function answer(response: ServerResponse, dropped: Drop | PartialDrop | null): void {
  if (dropped === null) {
    response.writeHead(204, taken).end()
    return
  }
  response.setHeader('Access-Control-Allow-Origin', '*')
  // Browsers hide this header from cross-origin pages unless it is exposed.
  response.setHeader('Access-Control-Expose-Headers', 'Retry-After')
  const { status, reason, detail, retryAfter } = dropped
  sendProblem(response, {
    status,
    code: reason,
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...('refused' in dropped && {
      refused: dropped.refused.map(({ index, reason: code, ...rest }) => ({ index, code, ...rest })),
    }),
  })
}
