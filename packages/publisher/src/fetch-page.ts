import { createHash } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import { maxAssets } from '@peerpress/wire'
import { readContentType } from './content-type.ts'
import type { FetchLimits } from './fetch-limits.ts'
import type { LeftOut } from './left-out.ts'
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
      /** What of the page was not read, or is not fetched. */
      readonly leftOut: readonly LeftOut[]
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
    const { type, charset } = readContentType(response.header('content-type'))
    if (type !== 'text/html' && type !== 'application/xhtml+xml') {
      throw new PublisherError('not-a-page', `the post is ${type ?? 'of no type'}`)
    }
    // The page is in memory: it is the post's own, and `maxPage` bytes at most. One byte more shows that it goes on.
    const read = await joined(response.readStart(limits.maxPage + 1))
    const html = read.subarray(0, limits.maxPage)
    const isWhole = read.length <= limits.maxPage
    const source = {
      html,
      charset,
      isXml: type === 'application/xhtml+xml',
      url: response.url.href,
      origins: site.origins,
      maxMedia: maxAssets,
    }
    const { media, omitted, body } = await pages.read(source, signal)
    const bare = withoutHash(response.url)
    const tooMany = omitted.map((one): LeftOut => ({ url: one, reason: 'too-many' }))
    return {
      public: true,
      url: bare,
      media,
      digest: createHash('sha256').update(html).digest('base64'),
      leftOut: isWhole ? tooMany : [{ url: bare.href, reason: 'page-too-long' }, ...tooMany],
      snapshot: isWhole ? snapshotOf(response, { html, body }) : null,
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
