import type { Site } from '@peerpress/registry'
import { ConnectorError } from '../connector-error.ts'
import type { SourceFetch, SourceResponse } from '../contract.ts'

/** Fetches from the registered origins of sites alone, never from private addresses unless the operator allowed them. */
export interface SourceClient {
  get(
    site: Site,
    url: string,
    options: {
      readonly headers?: Readonly<Record<string, string>>
      readonly signal: AbortSignal
      readonly timeout: number
    },
  ): Promise<SourceResponse>
}

/** ms from the request for one file to the end of its body */
const fileTimeout = 2 * 60_000
/** ms. A source that states a longer pause is polled again after this one. */
const maxPause = 24 * 60 * 60_000

/**
 * Returns the access of one poll to its site's network.
 * @returns fetches a file. Rejects with `bad-source` if the site requests a pause (429 or 503 with `Retry-After`).
 */
export function sourceFetch(
  client: SourceClient,
  { site, signal, now }: { readonly site: Site; readonly signal: AbortSignal; readonly now: number },
): SourceFetch {
  return async (url, { headers } = {}) => {
    const response = await client.get(site, url, {
      ...(headers && { headers }),
      signal,
      timeout: fileTimeout,
    })
    if (response.status !== 429 && response.status !== 503) return response
    response.discard()
    const retryAfter = pauseOf(response.header('retry-after'), now)
    throw new ConnectorError(
      'bad-source',
      `The site responded with status ${response.status}: it receives too many requests, or is down for maintenance.`,
      { retryAfter },
    )
  }
}

/** Parses `Retry-After` (RFC 9110): seconds, or a date. */
function pauseOf(header: string | null, now: number): number | null {
  if (header === null || header.length > 64) return null
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now
  return ms > 0 ? Math.min(ms, maxPause) : null
}
