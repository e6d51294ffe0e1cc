import type { IncomingMessage, ServerResponse } from 'node:http'
import { maxBeaconLength } from '@peerpress/wire'
import type { Collector } from '@peerpress/collector'
import { Router, raw } from 'express'
import type { ClientAddress } from '../client-address.ts'
import { sendProblem } from '../problem.ts'

const path = '/v1/beacon'

/** bytes that are read of a body; what is over the limit by less is refused and counted by the collector. */
const maxBodyLength = 4 * maxBeaconLength

/**
 * `POST /v1/beacon`: 204 once the beacon is on disk, or has been dropped for a reason that no retry would mend.
 * These routes take what `plainBeacons` leaves: encoded bodies, preflights.
 */
export function beaconRoutes(collector: Collector, clientAddress: ClientAddress): Router {
  const router = Router()
  router.post(path, raw({ type: () => true, limit: maxBodyLength }), async (request, response) => {
    const body: unknown = request.body
    const address = clientAddress(request)
    await receive(collector, Buffer.isBuffer(body) ? body : Buffer.alloc(0), { request, response, address })
  })
  router.options(path, (_request, response) => {
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

/**
 * Takes the beacons that browsers send, without the steps that any other request goes through: they are most of all
 * requests, and those steps cost more than the beacon itself. False, and nothing done, for a request that is not one.
 */
export function plainBeacons(
  collector: Collector,
  clientAddress: ClientAddress,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const { method, url, headers } = request
    if (url !== path || method !== 'POST' || headers['content-encoding'] !== undefined) return false
    // Read while the connection is there: it is gone when the reader leaves meanwhile.
    const address = clientAddress(request)
    const parts: Buffer[] = []
    let length = 0
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length <= maxBodyLength) parts.push(part)
      else if (!response.headersSent) refuseTooLarge(response)
    })
    // A reader that leaves before all is said leaves no beacon.
    request.on('error', () => undefined)
    request.on('end', () => {
      if (response.headersSent) return
      receive(collector, Buffer.concat(parts, length), { request, response, address }).catch(
        (error: unknown) => {
          console.error(error)
          const detail = 'Something went wrong here; the log of the server says what.'
          sendProblem(response, { status: 500, code: 'unexpected', detail })
        },
      )
    })
    return true
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly address: string
}

async function receive(
  collector: Collector,
  body: Buffer,
  { request, response, address }: Exchange,
): Promise<void> {
  const { origin = null, 'user-agent': userAgent = '' } = request.headers
  response.setHeader('Access-Control-Allow-Origin', '*')
  const outcome = await collector.receive({ body, origin, userAgent, address })
  if (outcome.accepted || outcome.status === 204) {
    response.writeHead(204).end()
    return
  }
  const { status, reason, detail, retryAfter } = outcome
  sendProblem(response, {
    status,
    code: reason,
    detail,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  })
}

/** The rest of the body is not read: the connection ends with the answer. */
function refuseTooLarge(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*')
  response.setHeader('Connection', 'close')
  const detail = `a beacon has at most ${maxBeaconLength} bytes`
  sendProblem(response, { status: 413, code: 'too-large', detail })
}
