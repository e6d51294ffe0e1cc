import type { PublisherError, PublisherErrorCode } from '@peerpress/publisher'
import type { Problem } from './problem.ts'

/** What is answered to a signed message of a site that was refused. */
export function messageProblem({ code, message }: PublisherError): Problem {
  const statuses: Partial<Record<PublisherErrorCode, number>> = {
    'unknown-site': 404,
    'bad-signature': 401,
    stale: 401,
    'other-home': 409,
    disconnected: 410,
  }
  return { status: statuses[code] ?? 400, code, detail: message }
}
