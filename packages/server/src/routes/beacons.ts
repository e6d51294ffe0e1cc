import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Collector, Drop, PartialDrop } from '@peerpress/collector'
import { networkOf } from '@peerpress/tracker'
import { maxBatchLength } from '@peerpress/wire'
import { Router } from 'express'
import type { ClientAddress } from '../client-address.ts'
import { sendProblem } from '../problem.ts'
import { acceptedCodings, decodeBody, type DecodingFault } from './decode-body.ts'

const path = '/v1/beacon'

/** bytes that are read of a body, and that it may have when decoded: what is over a beacon's own limit the collector refuses. */
const maxBodyLength = maxBatchLength

const faults: Readonly<Record<DecodingFault, string>> = {
  'unsupported-encoding': `a body may be encoded by one of ${acceptedCodings}`,
  'too-large': `a body has at most ${maxBodyLength} bytes, also when decoded, and a hundred for each encoded one`,
  malformed: 'the body is not encoded as its head says',
}

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
 * goes through: beacons are most of all requests, and those steps cost more than the beacon itself. False, and nothing
 * done, for a request that is not one.
 */
export function beaconReceiver(
  collector: Collector,
  clientAddress: ClientAddress,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const { method, url } = request
    if (method !== 'POST' || (url !== path && !url?.startsWith(`${path}?`))) return false
    // Read while the connection is there: it is gone when the reader leaves meanwhile.
    const address = clientAddress(request)
    const parts: Buffer[] = []
    let length = 0
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length <= maxBodyLength) parts.push(part)
      else if (!response.headersSent) {
        // The rest of the body is not read: the connection ends with the answer.
        response.setHeader('Connection', 'close')
        answer(response, collector.refuse('too-large', faults['too-large']))
      }
    })
    // A reader that leaves before all is said leaves no beacon.
    request.on('error', () => undefined)
    request.on('end', () => {
      if (response.headersSent) return
      const body = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, length)
      receive(collector, body, { request, response, address }).catch((error: unknown) => {
        console.error(error)
        const detail = 'Something went wrong here; the log of the server says what.'
        sendProblem(response, { status: 500, code: 'unexpected', detail })
      })
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
  encoded: Buffer,
  { request, response, address }: Exchange,
): Promise<void> {
  const { origin = null, 'user-agent': userAgent = '', 'content-encoding': coding } = request.headers
  const body = coding === undefined ? encoded : await decodeBody(encoded, coding, maxBodyLength)
  if (typeof body === 'string') {
    // RFC 9110 section 15.5.16
    if (body === 'unsupported-encoding') response.setHeader('Accept-Encoding', acceptedCodings)
    answer(response, collector.refuse(body, faults[body]))
    return
  }
  const outcome = await collector.receive({ body, origin, userAgent, address, network: networkOf(address) })
  answer(response, outcome.accepted ? null : outcome)
}

const taken = { 'Access-Control-Allow-Origin': '*' }

function answer(response: ServerResponse, dropped: Drop | PartialDrop | null): void {
  if (dropped === null) {
    response.writeHead(204, taken).end()
    return
  }
  response.setHeader('Access-Control-Allow-Origin', '*')
  // Of a page of another origin the browser would hide it.
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
