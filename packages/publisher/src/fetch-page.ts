import { createHash } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import { maxAssets } from '@peerpress/wire'
import { parseMediaType } from './content-type.ts'
import type { FetchLimits } from './fetch-limits.ts'
import type { PageReader } from './page/page-reader.ts'
import { joined } from './pieces.ts'
import { type PageSnapshot, snapshotOf } from './page-snapshot.ts'
import { PublisherError } from './publisher-error.ts'
import type { SiteClient } from './site-client.ts'

/** A post as anybody reads it, or that nobody can. */
export type Page =
  | { readonly public: false }
  /** `url` is where the redirects ended; `media` is on the site's registered origins. */
  | {
      readonly public: true
      readonly url: URL
      readonly media: readonly string[]
      /** SHA-256 of its HTML. */
      readonly digest: string
      /** The page itself, where it may be kept. */
      readonly snapshot: PageSnapshot | null
    }

/** Statuses by which a site says that a post is not for the public, or gone. */
const notPublic = [401, 403, 404, 410, 451]

export interface PageContext {
  readonly client: SiteClient
  readonly pages: PageReader
  readonly limits: FetchLimits
  readonly signal: AbortSignal
}

/**
 * Fetches a post's page without credentials.
 * @throws {PublisherError} `bad-status`, `not-a-page`, `unreadable-page`, and what {@link SiteClient.get} throws.
 */
export async function fetchPage(
  site: Site,
  url: string,
  { client, pages, limits, signal }: PageContext,
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
    // The whole page is in memory: it is the post's own, and `maxPage` bytes at most.
    const html = await joined(response.read(limits.maxPage))
    const source = { html, url: response.url.href, origins: site.origins, maxMedia: maxAssets }
    const { media, body } = await pages.read(source, signal)
    return {
      public: true,
      url: withoutHash(response.url),
      media,
      digest: createHash('sha256').update(html).digest('base64'),
      snapshot: snapshotOf(response, { html, body }),
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

function withoutHash(url: URL): URL {
  const bare = new URL(url)
  bare.hash = ''
  return bare
}
