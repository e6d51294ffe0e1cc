import type { IncomingMessage, ServerResponse } from 'node:http'
import { networkOf } from '@peerpress/tracker'
import type { RequestHandler } from 'express'
import type { ClientAddress } from './client-address.ts'
import { type Problem, sendProblem } from './problem.ts'
import { BodyBudget, type BodyLimits } from './body-budget.ts'
import { acceptedCodings, decodeBody, type DecodingFault } from './decode-body.ts'
import { type BodyFault, readBody } from './read-body.ts'

/** Reads, decodes and refuses the request bodies of a server. */
export interface Bodies {
  /**
   * Returns the decoded body, or why there is none.
   * @param limit bytes, of the body as it is sent and as it is decoded
   */
  read(request: IncomingMessage, limit: number): Promise<Buffer | BodyFault | DecodingFault>
  /** Express middleware: puts the decoded body into `request.body`, a Buffer, or refuses the request. */
  middleware<Params = Record<string, string>>(limit: number): RequestHandler<Params>
  /** Returns the bytes that bodies in flight hold. */
  held(): number
}

/** Creates a reader of bodies with one memory budget for all requests. */
export function bodiesFrom(clientAddress: ClientAddress, limits?: BodyLimits): Bodies {
  const budget = new BodyBudget(limits)
  const read: Bodies['read'] = async (request, limit) => {
    const coding = request.headers['content-encoding']
    const network = networkOf(clientAddress(request))
    const encoded = await readBody(request, { limit, budget, network })
    if (typeof encoded === 'string' || coding === undefined) return encoded
    if (!budget.take(network, limit)) return 'busy'
    try {
      return await decodeBody(encoded, coding, limit)
    } finally {
      budget.release(network, limit)
    }
  }
  return {
    read,
    middleware: (limit) => async (request, response, next) => {
      const body = await read(request, limit)
      if (typeof body === 'string') {
        refuseBody(request, response, body)
        return
      }
      request.body = body
      next()
    },
    held: () => budget.held,
  }
}

/** Returns the problem of a body. `limit`: bytes */
export function bodyProblem(fault: BodyFault | DecodingFault): Problem {
  return problems[fault]
}

const problems: Readonly<Record<BodyFault | DecodingFault, Problem>> = {
  'too-large': {
    status: 413,
    code: 'too-large',
    detail: 'The body is longer than this address takes, as it is sent or when it is decoded.',
  },
  busy: {
    status: 503,
    code: 'busy',
    detail: 'Too many requests are being received. Try again in a moment.',
    retryAfter: 5,
  },
  incomplete: {
    status: 400,
    code: 'incomplete',
    detail: 'The connection closed before the body was complete.',
  },
  'unsupported-encoding': {
    status: 415,
    code: 'unsupported-encoding',
    detail: `A body may be encoded by one of ${acceptedCodings}.`,
  },
  malformed: {
    status: 400,
    code: 'malformed',
    detail: 'The body is not encoded as its Content-Encoding header says.',
  },
}

function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  fault: BodyFault | DecodingFault,
): void {
  if (request.destroyed && !request.complete) return
  // RFC 9110 section 15.5.16
  if (fault === 'unsupported-encoding') response.setHeader('Accept-Encoding', acceptedCodings)
  sendProblem(response, bodyProblem(fault))
}
