import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Site } from '@peerpress/registry'
import { Agent, request } from 'undici'
import { createGuardedLookup, refusePrivateHost, type ResolveAll } from './address-guard.ts'
import type { FetchLimits } from './fetch-limits.ts'
import { PublisherError } from './publisher-error.ts'

/** What a site answered. Its body is read once, or discarded. */
export interface SiteResponse {
  readonly status: number
  /** Where the redirects ended. */
  readonly url: URL
  /** A header's value, or null. */
  header(name: string): string | null
  /**
   * The decoded body, piece by piece.
   * @throws {PublisherError} `network`, `timeout`, `too-large` beyond `limit` bytes.
   */
  read(limit: number): AsyncGenerator<Buffer>
  /** Closes the connection without reading. */
  discard(): void
}

export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Fetches from registered sites, anonymously, and from nowhere else. */
export interface SiteClient {
  /**
   * @throws {PublisherError} `foreign-url`, `private-address`, `too-many-redirects`, `network`, `timeout`,
   * `stopped`.
   */
  get(site: Site, url: string, options: FetchOptions): Promise<SiteResponse>
  close(): Promise<void>
}

export interface SiteClientOptions {
  readonly limits: FetchLimits
  readonly resolveAll?: ResolveAll | undefined
}

export function createSiteClient({ limits, resolveAll }: SiteClientOptions): SiteClient {
  const timeout = limits.connectTimeout
  const open = new Agent({ connect: { timeout } })
  const guarded = new Agent({ connect: { timeout, lookup: createGuardedLookup(resolveAll) } })
  return {
    get: (site, url, options) =>
      get(site, url, { ...options, limits, agent: site.allowPrivateAddresses ? open : guarded }),
    close: async () => {
      await Promise.all([open.destroy(), guarded.destroy()])
    },
  }
}

interface Context extends FetchOptions {
  readonly limits: FetchLimits
  readonly agent: Agent
}

async function get(site: Site, start: string, context: Context): Promise<SiteResponse> {
  const { limits, agent } = context
  const watch = watchTime(context)
  try {
    let url = new URL(start)
    for (let redirects = 0; redirects <= limits.maxRedirects; redirects++) {
      refuseForeign(site, url)
      watch.expect(limits.headersTimeout, 'no complete headers in time')
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        signal: watch.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
        headers: { 'user-agent': 'PeerPress', 'accept-encoding': 'identity', ...context.headers },
      })
      const header = (name: string) => {
        const value = headers[name]
        return (Array.isArray(value) ? value.join(', ') : value) ?? null
      }
      const location = header('location')
      if (location === null || ![301, 302, 303, 307, 308].includes(statusCode)) {
        return toResponse({ status: statusCode, url, header, body, watch, limits })
      }
      body.on('error', () => {})
      body.destroy()
      if (!URL.canParse(location, url.href)) throw new PublisherError('network', 'a redirect to no URL')
      url = new URL(location, url)
    }
    throw new PublisherError('too-many-redirects', `more than ${limits.maxRedirects} redirects`)
  } catch (error) {
    watch.end()
    throw toFetchError(error, watch.signal)
  }
}

function refuseForeign(site: Site, url: URL): void {
  if (!site.origins.includes(url.origin) || url.username !== '' || url.password !== '') {
    throw new PublisherError('foreign-url', 'not on an origin registered for the site')
  }
  if (!site.allowPrivateAddresses) refusePrivateHost(url)
}

interface RawResponse extends Pick<SiteResponse, 'status' | 'url' | 'header'> {
  readonly body: Readable
  readonly watch: Watch
  readonly limits: FetchLimits
}

function toResponse({ status, url, header, body, watch, limits }: RawResponse): SiteResponse {
  const discard = () => {
    watch.end()
    body.on('error', () => {})
    body.destroy()
  }
  watch.expect(limits.idleTimeout, 'no bytes in time')
  return {
    status,
    url,
    header,
    discard,
    async *read(limit) {
      let size = 0
      try {
        if (Number(header('content-length') ?? 0) > limit) throw tooLarge(limit)
        for await (const piece of decode(body, header('content-encoding'))) {
          size += piece.length
          if (size > limit) throw tooLarge(limit)
          watch.expect(limits.idleTimeout, 'no bytes in time')
          yield piece
        }
      } catch (error) {
        throw toFetchError(error, watch.signal)
      } finally {
        discard()
      }
    },
  }
}

function tooLarge(limit: number): PublisherError {
  return new PublisherError('too-large', `more than ${limit} bytes`)
}

/** Some servers compress although identity was asked for; what a page sees is the decoded bytes. */
function decode(body: Readable, encoding: string | null): AsyncIterable<Buffer> {
  switch (encoding?.trim().toLowerCase() ?? 'identity') {
    case '':
    case 'identity':
      return body
    case 'gzip':
    case 'x-gzip':
      return pipeline(body, createGunzip(), () => {})
    case 'br':
      return pipeline(body, createBrotliDecompress(), () => {})
    case 'deflate':
      return pipeline(body, createInflate(), () => {})
    default:
      throw new PublisherError('network', 'a content encoding that was not asked for')
  }
}

interface Watch {
  readonly signal: AbortSignal
  /** Aborts unless called again, or ended, within `ms`. */
  expect(ms: number, message: string): void
  end(): void
}

/** Own timers instead of undici's: those start again with every byte, which a slow sender lives on. */
function watchTime({ limits, signal: stop }: Context): Watch {
  const controller = new AbortController()
  const abort = (message: string) => controller.abort(new PublisherError('timeout', message))
  const stopped = () => controller.abort(new PublisherError('stopped', 'the server is stopping'))
  const total = setTimeout(abort, limits.totalTimeout, 'no end in time')
  let next: NodeJS.Timeout | undefined
  if (stop.aborted) stopped()
  stop.addEventListener('abort', stopped)
  return {
    signal: controller.signal,
    expect: (ms, message) => {
      clearTimeout(next)
      next = setTimeout(abort, ms, message)
    },
    end: () => {
      clearTimeout(total)
      clearTimeout(next)
      stop.removeEventListener('abort', stopped)
    },
  }
}

function toFetchError(error: unknown, signal: AbortSignal): PublisherError {
  if (signal.aborted && signal.reason instanceof PublisherError) return signal.reason
  if (error instanceof PublisherError) return error
  return new PublisherError('network', 'the connection failed', { cause: error })
}
