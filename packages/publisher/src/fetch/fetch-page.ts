import { createHash, randomBytes } from 'node:crypto'
import type { Site } from '@peerpress/registry'
import { maxAssets } from '@peerpress/wire'
import { isFromCache, uncached, withoutUniqueQuery, withUniqueQuery } from './cached-response.ts'
import { isChallenge, maxChallengeLength } from './challenge.ts'
import { readContentType } from './content-type.ts'
import type { FetchLimits } from './fetch-limits.ts'
import type { LeftOut } from '../assets/left-out.ts'
import type { PageOffer } from '../page/page-offer.ts'
import type { PageReader } from '../page/page-reader.ts'
import { joined } from './pieces.ts'
import { type PageSnapshot, snapshotOf } from '../page/page-snapshot.ts'
import { PublisherError } from '../publisher-error.ts'
import type { SiteClient, SiteResponse } from './site-client.ts'

/**
 * The way in which a site refuses a post. `gone`: it reports so (410, 451). `not-found`: 404, which a lagging replica
 * sends too. `denied`: 401, 403 or a redirect to the login or the home page, which a firewall or a maintenance page
 * sends too.
 */
export type Refusal = 'gone' | 'not-found' | 'denied'

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
 * @throws {PublisherError} `challenged`, `bad-status`, `not-a-page`, `unreadable-page`, `unsupported-encoding`, and the errors of {@link
 * SiteClient.get}.
 */
export async function fetchPage(
  site: Site,
  url: string,
  { client, pages, limits, signal, isUncached = false }: PageContext,
): Promise<Page> {
  const address = isUncached ? withUniqueQuery(url, randomBytes(8).toString('hex')) : url
  const response = await client.get(site, address, {
    headers: { accept: 'text/html,application/xhtml+xml', ...uncached },
    signal,
    timeout: limits.pageTimeout,
  })
  try {
    const { status } = response
    const header = (name: string) => response.header(name)
    const arrived = withoutUniqueQuery(response.url)
    const refusal = refusals.get(status) ?? (isTurnedAway(site, new URL(url), arrived) ? 'denied' : null)
    if (isChallenge({ header, html: refusal === 'denied' ? await readStart(response) : null })) {
      throw challenged(status)
    }
    if (refusal !== null) return { public: false, refusal }
    if (response.status !== 200)
      throw new PublisherError('bad-status', `the post answered ${response.status}`)
    const { type, charset } = readContentType(response.header('content-type'))
    if (type !== 'text/html' && type !== 'application/xhtml+xml') {
      throw new PublisherError('not-a-page', `the post is ${type ?? 'of no type'}`)
    }
    // The page is held in memory: it has at most `maxPage` bytes. One more byte shows that it is longer.
    const read = await joined(response.readStart(limits.maxPage + 1))
    const html = read.subarray(0, limits.maxPage)
    const isWhole = read.length <= limits.maxPage
    const source = {
      html,
      charset,
      isXml: type === 'application/xhtml+xml',
      url: arrived.href,
      origins: site.origins,
      maxMedia: maxAssets,
    }
    const { media, omitted, body, offer } = await pages.read(source, signal)
    if (offer === null && isChallenge({ header, html })) throw challenged(status)
    const bare = withoutHash(arrived)
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
  } finally {
    response.discard()
  }
}

/** Returns the page of a refusal; null if it is longer than any challenge. */
async function readStart(response: SiteResponse): Promise<Buffer | null> {
  try {
    return await joined(response.read(maxChallengeLength))
  } catch (error) {
    if (error instanceof PublisherError && error.code === 'too-large') return null
    throw error
  }
}

function challenged(status: number): PublisherError {
  const message = `a firewall answered ${status} in the site's place: let the agent "PeerPress" pass`
  return new PublisherError('challenged', message)
}

/** Returns whether the site redirected to the login or to the home page. Sites do that for private or deleted posts. */
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
