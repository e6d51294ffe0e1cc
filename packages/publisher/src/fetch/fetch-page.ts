import { createHash, randomBytes } from 'node:crypto'
import type { PageOffer, Refusal } from '@peerpress/connectors'
import type { Site } from '@peerpress/registry'
import { maxAssets } from '@peerpress/wire'
import { isFromCache, uncached, withoutUniqueQuery, withUniqueQuery } from './cached-response.ts'
import { isChallenge, maxChallengeLength } from './challenge.ts'
import { readContentType } from './content-type.ts'
import type { FetchLimits } from './fetch-limits.ts'
import type { LeftOut } from '../assets/left-out.ts'
import type { PageReader } from '../page/page-reader.ts'
import { joinPieces } from './pieces.ts'
import { type PageSnapshot, snapshotOf } from '../page/page-snapshot.ts'
import { PublisherError } from '../publisher-error.ts'
import type { SiteClient, SiteResponse } from './site-client.ts'

/** A post as the public sees it, or the fact that it is not public. */
export type Page =
  | { readonly public: false; readonly refusal: Refusal }
  /** `url` is the end of the redirects. `media` is on the site's registered origins. */
  | {
      readonly public: true
      readonly url: URL
      readonly media: readonly string[]
      /** Parts of the page that were not read, and media that are not fetched. */
      readonly leftOut: readonly LeftOut[]
      /** SHA-256 of the page's HTML. */
      readonly digest: string
      /** The page itself, if it may be stored. */
      readonly snapshot: PageSnapshot | null
      /** The offer of assistance in the page's configuration for the loader; null if there is none. */
      readonly offer: PageOffer | null
      /** Whether a cache reports that the page was not made for this request. */
      readonly isFromCache: boolean
    }

/** Statuses that mean a post is not public, or gone. */
const refusals: ReadonlyMap<number, Refusal> = new Map([
  [401, 'denied'],
  [403, 'denied'],
  [404, 'not-found'],
  [410, 'gone'],
  [451, 'gone'],
])

export interface PageContext {
  readonly client: SiteClient
  readonly pages: PageReader
  readonly limits: FetchLimits
  readonly signal: AbortSignal
  /**
   * Whether to add a parameter to the URL that no cache has seen. The request headers that ask caches not to respond
   * are always sent. @default false
   */
  readonly isUncached?: boolean
}

/**
 * Fetches a post's page without credentials.
 * @throws {PublisherError} `challenged`, `bad-status`, `not-a-page`, `unreadable-page`, `unsupported-encoding`, and the
 * errors of {@link SiteClient.get}.
 */
export async function fetchPage(
  site: Site,
  url: string,
  { client, pages, limits, signal, isUncached = false }: PageContext,
): Promise<Page> {
  return fetchHtml(site, url, { client, limits, signal, isUncached }, async (found) => {
    if (!found.public) return found
    const { response, html, isWhole, finalUrl, charset, isXml } = found
    const header = (name: string) => response.header(name)
    const source = { html, charset, isXml, url: finalUrl.href, origins: site.origins, maxMedia: maxAssets }
    const { media, omitted, body, offer } = await pages.read(source, signal)
    if (offer === null && isChallenge({ header, html })) throw challenged(response.status)
    const bare = withoutHash(finalUrl)
    const tooMany = omitted.map((one): LeftOut => ({ url: one, reason: 'too-many' }))
    return {
      public: true,
      url: bare,
      media,
      digest: createHash('sha256').update(html).digest('base64'),
      leftOut: isWhole ? tooMany : [{ url: bare.href, reason: 'page-too-long' }, ...tooMany],
      snapshot: isWhole ? snapshotOf(response, { html, body }) : null,
      offer,
      isFromCache: isFromCache(header),
    }
  })
}

/** The HTML of a post as the public gets it, or the fact that it is not public. */
export type HtmlPage =
  | { readonly public: false; readonly refusal: Refusal }
  | {
      readonly public: true
      readonly response: SiteResponse
      /** The page, or its first `maxPage` bytes. */
      readonly html: Buffer
      readonly isWhole: boolean
      /** The end of the redirects. */
      readonly finalUrl: URL
      /** The `charset` of its header; null if it has none. */
      readonly charset: string | null
      readonly isXml: boolean
    }

/**
 * Fetches the HTML of a post's page without credentials, and hands it to `use` before the response is closed. A firewall's challenge
 * with the status of a page is handed over as a page.
 * @throws {PublisherError} `challenged`, `bad-status`, `not-a-page`, and the errors of {@link SiteClient.get}.
 */
export async function fetchHtml<T>(
  site: Pick<Site, 'url' | 'origins' | 'allowPrivateAddresses'>,
  url: string,
  { client, limits, signal, isUncached = false }: Omit<PageContext, 'pages'>,
  use: (page: HtmlPage) => Promise<T>,
): Promise<T> {
  const address = isUncached ? withUniqueQuery(url, randomBytes(8).toString('hex')) : url
  const response = await client.get(site, address, {
    headers: { accept: 'text/html,application/xhtml+xml', ...uncached },
    signal,
    timeout: limits.pageTimeout,
  })
  try {
    const { status } = response
    const header = (name: string) => response.header(name)
    const finalUrl = withoutUniqueQuery(response.url)
    const refusal = refusals.get(status) ?? (isRedirectedAway(site, new URL(url), finalUrl) ? 'denied' : null)
    if (isChallenge({ header, html: refusal === 'denied' ? await readStart(response) : null })) {
      throw challenged(status)
    }
    if (refusal !== null) return await use({ public: false, refusal })
    if (status !== 200)
      throw new PublisherError('bad-status', `the post's page responded with status ${status}`)
    const { type, charset } = readContentType(response.header('content-type'))
    if (type !== 'text/html' && type !== 'application/xhtml+xml') {
      throw new PublisherError('not-a-page', `the post's page is not HTML: its type is ${type ?? 'missing'}`)
    }
    // The page is held in memory: it has at most `maxPage` bytes. One more byte shows that it is longer.
    const read = await joinPieces(response.readStart(limits.maxPage + 1))
    return await use({
      public: true,
      response,
      html: read.subarray(0, limits.maxPage),
      isWhole: read.length <= limits.maxPage,
      finalUrl,
      charset,
      isXml: type === 'application/xhtml+xml',
    })
  } finally {
    response.discard()
  }
}

/** Returns the page of a refusal; null if it is longer than any challenge. */
async function readStart(response: SiteResponse): Promise<Buffer | null> {
  try {
    return await joinPieces(response.read(maxChallengeLength))
  } catch (error) {
    if (error instanceof PublisherError && error.code === 'too-large') return null
    throw error
  }
}

function challenged(status: number): PublisherError {
  const message = `a firewall responded with status ${status} instead of the site: allow the user agent "PeerPress"`
  return new PublisherError('challenged', message)
}

/** Returns whether the site redirected to the login or to the home page. Sites do that for private or deleted posts. */
function isRedirectedAway(site: Pick<Site, 'url'>, requested: URL, finalUrl: URL): boolean {
  if (finalUrl.href === requested.href) return false
  const isLogin = /\/(?:wp-login\.php|login|log-in|signin|sign-in|ghost\/signin)\/?$/i.test(finalUrl.pathname)
  const isHome = finalUrl.href === site.url && requested.href !== site.url
  return isLogin || isHome
}

function withoutHash(url: URL): URL {
  const bare = new URL(url)
  bare.hash = ''
  return bare
}
