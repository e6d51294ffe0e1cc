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
 * Handles requests that a site's CMS signed, whose body was read already. What `answer` rejects with as a `PublisherError` is
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
