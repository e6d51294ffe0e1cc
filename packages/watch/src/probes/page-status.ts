import { isChallenge } from '@peerpress/publisher'
import { ProbeFailed } from './probe-failure.ts'

/** The parts of a page's response that decide whether readers see the page. */
export interface PageResponse {
  readonly status: number
  /** Returns a header's value, or null. */
  readonly header: (name: string) => string | null
  /** The start of the body; null if it was not read. */
  readonly start: Buffer | null
}

/** Returns the failure that a page's response means; null if readers see the page. */
export function failureOfResponse(url: URL, { status, header, start }: PageResponse): ProbeFailed | null {
  if (isChallenge({ header, html: start })) {
    return new ProbeFailed(
      'challenged',
      `A firewall responded with status ${status} instead of ${url.host}. Allow the user agent "PeerPress" in it.`,
    )
  }
  if (status >= 200 && status < 300) return null
  const next =
    status >= 500
      ? "Check the web server's error log."
      : 'Open the address in a private window of your browser: readers see the same.'
  return new ProbeFailed('bad-status', `${url.host} responded with status ${status}. ${next}`)
}
