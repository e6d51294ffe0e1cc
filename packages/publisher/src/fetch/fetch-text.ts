import { randomBytes } from 'node:crypto'
import { uncached, withUniqueQuery } from './cached-response.ts'
import { readContentType } from './content-type.ts'
import { joinPieces } from './pieces.ts'
import type { FetchedSite, SiteClient } from './site-client.ts'

/** ms, less than a CMS waits for the answer to a request that causes this one. */
const timeout = 10_000

export interface TextSource {
  readonly url: string
  /** The media type that the response must have. */
  readonly type: string
  /** bytes; a longer response is cut off. */
  readonly maxLength: number
}

/**
 * Fetches the start of a short document of a site, past caches. Returns null for any status but 200 and for another media type.
 * @throws {PublisherError} the errors of {@link SiteClient.get}
 */
export async function fetchText(
  client: SiteClient,
  site: FetchedSite,
  { url, type, maxLength }: TextSource,
): Promise<Buffer | null> {
  const response = await client.get(site, withUniqueQuery(url, randomBytes(8).toString('hex')), {
    headers: { accept: type, ...uncached },
    signal: AbortSignal.timeout(timeout),
    timeout,
  })
  try {
    if (response.status !== 200) return null
    if (readContentType(response.header('content-type')).type !== type) return null
    return await joinPieces(response.readStart(maxLength))
  } finally {
    response.discard()
  }
}
