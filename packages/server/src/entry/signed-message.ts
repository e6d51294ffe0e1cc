import { ConnectorError, type ConnectorErrorCode, type SignedMessage } from '@peerpress/connectors'
import { PublisherError, type PublisherErrorCode } from '@peerpress/publisher'
import type { Request, RequestHandler, Response } from 'express'
import { sendProblem } from './problem.ts'

const statuses: Partial<Record<ConnectorErrorCode | PublisherErrorCode, number>> = {
  'unknown-site': 404,
  'unknown-connector': 404,
  'bad-signature': 401,
  stale: 401,
  'other-home': 409,
  disconnected: 410,
}

/**
 * Creates the handler of requests that a site's CMS signed, after their body was read. A `ConnectorError` or
 * `PublisherError` of `answer` is answered as a problem.
 */
export function signedMessage(
  answer: (message: SignedMessage, response: Response) => Promise<void>,
): RequestHandler<{ site: string }> {
  return signedRequest(({ params, headers, body }, response) =>
    answer({ site: params.site, headers, body: body as Buffer }, response),
  )
}

/** The same for a path with any parameters. */
export function signedRequest<Params>(
  answer: (request: Request<Params>, response: Response) => Promise<void>,
): RequestHandler<Params> {
  return async (request, response) => {
    try {
      await answer(request, response)
    } catch (error) {
      if (!(error instanceof ConnectorError || error instanceof PublisherError)) throw error
      const { code, message } = error
      sendProblem(response, { status: statuses[code] ?? 400, code, detail: message })
    }
  }
}
