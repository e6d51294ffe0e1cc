import type { Site } from '@peerpress/registry'
import type { FetchLimits } from './fetch-limits.ts'
import { parseMediaType } from './media-type.ts'
import { createPageMedia } from './page-media.ts'
import { type PageSnapshot, snapshotOf } from './page-snapshot.ts'
import { PublisherError } from './publisher-error.ts'
import type { SiteClient, SiteResponse } from './site-client.ts'

/** A post as anybody reads it, or that nobody can. */
export type Page =
  | { readonly public: false }
  /** `url` is where the redirects ended; `media` is on the site's registered origins. */
  | {
      readonly public: true
      readonly url: URL
      readonly media: readonly URL[]
      /** The page itself, where it may be kept. */
      readonly snapshot: PageSnapshot | null
    }

/** Statuses by which a site says that a post is not for the public, or gone. */
const notPublic = [401, 403, 404, 410, 451]

/**
 * Fetches a post's page without credentials.
 * @throws {PublisherError} `bad-status`, `not-a-page`, and what {@link SiteClient.get} throws.
 */
export async function fetchPage(
  site: Site,
  url: string,
  { client, limits, signal }: { client: SiteClient; limits: FetchLimits; signal: AbortSignal },
): Promise<Page> {
  const response = await client.get(site, url, {
    headers: { accept: 'text/html,application/xhtml+xml' },
    signal,
    timeout: limits.pageTimeout,
  })
  try {
    if (notPublic.includes(response.status) || isTurnedAway(site, new URL(url), response.url))
      return { public: false }
    if (response.status !== 200)
      throw new PublisherError('bad-status', `the post answered ${response.status}`)
    const type = parseMediaType(response.header('content-type'))
    if (type !== 'text/html' && type !== 'application/xhtml+xml') {
      throw new PublisherError('not-a-page', `the post is ${type ?? 'of no type'}`)
    }
    const { media, html } = await readPage(response, limits.maxPage)
    return {
      public: true,
      url: withoutHash(response.url),
      media: media.filter(({ origin }) => site.origins.includes(origin)),
      snapshot: snapshotOf(response, html),
    }
  } finally {
    response.discard()
  }
}

/** A post that is private, or gone, often redirects to the login or to the home page instead of saying so. */
function isTurnedAway(site: Site, asked: URL, arrived: URL): boolean {
  if (arrived.href === asked.href) return false
  const isLogin = /\/(?:wp-login\.php|login|log-in|signin|sign-in|ghost\/signin)\/?$/i.test(arrived.pathname)
  const isHome = arrived.href === site.url && asked.href !== site.url
  return isLogin || isHome
}

/** The whole page is in memory: it is the post's own, and `limit` bytes at most. */
async function readPage(
  response: SiteResponse,
  limit: number,
): Promise<{ readonly media: URL[]; readonly html: Buffer }> {
  const media = createPageMedia(response.url)
  const decoder = new TextDecoder()
  const pieces: Buffer[] = []
  for await (const piece of response.read(limit)) {
    media.write(decoder.decode(piece, { stream: true }))
    pieces.push(piece)
  }
  return { media: media.end(), html: Buffer.concat(pieces) }
}

function withoutHash(url: URL): URL {
  const bare = new URL(url)
  bare.hash = ''
  return bare
}
