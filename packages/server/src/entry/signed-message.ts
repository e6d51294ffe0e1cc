import { PublisherError, type PublisherErrorCode, type SignedMessage } from '@peerpress/publisher'
import type { RequestHandler, Response } from 'express'
import { sendProblem } from './problem.ts'

const statuses: Partial<Record<PublisherErrorCode, number>> = {
  'unknown-site': 404,
  'bad-signature': 401,
  stale: 401,
  'other-home': 409,
  disconnected: 410,
}

/**
 * Creates the handler of requests that a site's CMS signed, after their body was read. A `PublisherError` of `answer` is
 * answered as a problem.
 */
export function signedMessage(
  answer: (message: SignedMessage, response: Response) => Promise<void>,
): RequestHandler<{ site: string }> {
  return async ({ params, headers, body }, response) => {
    try {
      await answer({ site: params.site, headers, body: body as Buffer }, response)
    } catch (error) {
      if (!(error instanceof PublisherError)) throw error
      const { code, message } = error
      sendProblem(response, { status: statuses[code] ?? 400, code, detail: message })
    }
  }
}
