import type { Readable } from 'node:stream'
import type { Site } from '@peerpress/registry'
import { Agent, type Dispatcher, request } from 'undici'
import { maxUrlLength } from '@peerpress/wire'
import {
  createGuardedLookup,
  createOpenLookup,
  refusePrivateHost,
  type ResolveAll,
  sharingLookups,
} from './address-guard.ts'
import { decodeContent } from './content-coding.ts'
import { CorsCheck } from './cors-check.ts'
import { type FetchLimits, timeFor } from './fetch-limits.ts'
import { abortReason, PublisherError } from '../publisher-error.ts'

/** A response of a site. Its body is read once, or discarded. */
export interface SiteResponse {
  readonly status: number
  /** The end of the redirects. */
  readonly url: URL
  /** Returns a header's value, or null. */
  readonly header: (name: string) => string | null
  /**
   * Yields the decoded body, piece by piece.
   * @throws {PublisherError} `network`, `timeout`, `bad-encoding`, `too-large` beyond `limit` bytes.
   */
  read(limit: number): AsyncGenerator<Buffer>
  /** Yields the first `limit` bytes of a body of any length. */
  readStart(limit: number): AsyncGenerator<Buffer>
  /** Closes the connection without reading. */
  discard(): void
}

export interface FetchOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Cancels the request with the signal's reason if that is a {@link PublisherError}, else with `stopped`. */
  readonly signal: AbortSignal
  /** From the request to the end of the body, ms, including name resolution, connections and redirects. */
  readonly timeout: number
  /** The origin of a page that must be allowed to read the response (CORS). @default any response is accepted */
  readonly pageOrigin?: string
}

/** The part of a site that limits where its posts are fetched from. */
export type FetchedSite = Pick<Site, 'origins' | 'allowPrivateAddresses'>

/** Fetches from the origins of sites only, anonymously. */
export interface SiteClient {
  /**
   * Sends a request and follows its redirects.
   * @throws {PublisherError} `foreign-url`, `private-address`, `too-many-redirects`, `network`, `timeout`, `no-cors`,
   * `stopped`.
   */
  get(site: FetchedSite, url: string, options: FetchOptions): Promise<SiteResponse>
  /**
   * Sends JSON to an address of the site. A redirect is not followed: it is the response.
   * @throws {PublisherError} as {@link SiteClient.get}
   */
  post(site: FetchedSite, url: string, json: string, options: FetchOptions): Promise<SiteResponse>
  close(): Promise<void>
}

export interface SiteClientOptions {
  readonly limits: FetchLimits
  readonly resolveAll?: ResolveAll | undefined
}

/** Maximum size of all header fields of a response, bytes. A larger response fails with `network`. */
const maxHeaderSize = 16 * 1024

export function createSiteClient({ limits, resolveAll }: SiteClientOptions): SiteClient {
  const timeout = limits.connectTimeout
  const resolveShared = sharingLookups(resolveAll)
  const open = new Agent({ maxHeaderSize, connect: { timeout, lookup: createOpenLookup(resolveShared) } })
  const guarded = new Agent({
    maxHeaderSize,
    connect: { timeout, lookup: createGuardedLookup(resolveShared) },
  })
  return {
    get: (site, url, options) =>
      get(site, url, { ...options, limits, agent: site.allowPrivateAddresses ? open : guarded }),
    post: (site, url, json, options) => {
      const headers = { 'content-type': 'application/json', ...options.headers }
      const agent = site.allowPrivateAddresses ? open : guarded
      return get(site, url, { ...options, headers, limits, agent, json })
    },
    close: async () => {
      await Promise.all([open.destroy(), guarded.destroy()])
    },
  }
}

interface Context extends FetchOptions {
  readonly limits: FetchLimits
  readonly agent: Agent
  /** The body of a POST request. @default a GET request */
  readonly json?: string
}

async function get(site: FetchedSite, start: string, context: Context): Promise<SiteResponse> {
  const { limits, agent } = context
  const watch = watchTime(context)
  try {
    let url = new URL(start)
    const cors = new CorsCheck(context.pageOrigin)
    for (let redirects = 0; redirects <= limits.maxRedirects; redirects++) {
      refuseForeign(site, url)
      watch.expect(limits.headersTimeout, 'no complete headers in time')
      const { statusCode, headers, body } = await requestInTime(url, {
        dispatcher: agent,
        ...(context.json !== undefined && { method: 'POST', body: context.json }),
        signal: watch.signal,
        headersTimeout: 0,
        bodyTimeout: 0,
        headers: {
          'user-agent': 'PeerPress',
          'accept-encoding': 'identity',
          ...context.headers,
          ...cors.requestHeaders(url),
        },
      })
      const header = (name: string) => {
        const value = headers[name]
        return (Array.isArray(value) ? value.join(', ') : value) ?? null
      }
      if (!cors.allows(header('access-control-allow-origin'))) {
        ignoreErrors(body).destroy()
        throw new PublisherError(
          'no-cors',
          `${url.origin} does not allow the page to read this response (CORS)`,
        )
      }
      const location = header('location')
      if (
        context.json !== undefined ||
        location === null ||
        ![301, 302, 303, 307, 308].includes(statusCode)
      ) {
        return toResponse({ status: statusCode, url, header, body, watch, limits })
      }
      ignoreErrors(body).destroy()
      url = redirected(location, url)
    }
    throw new PublisherError('too-many-redirects', `more than ${limits.maxRedirects} redirects`)
  } catch (error) {
    watch.end()
    throw toFetchError(error, watch.signal)
  }
}

function redirected(location: string, from: URL): URL {
  const url = URL.parse(location, from.href)
  if (url === null || url.href.length > maxUrlLength) {
    throw new PublisherError(
      'network',
      `the redirect's URL is invalid or longer than ${maxUrlLength} characters`,
    )
  }
  return url
}

/**
 * Sends a request that an abort rejects at once. undici reports an abort during name resolution and connecting only
 * when those end, up to the connect timeout.
 */
async function requestInTime(
  url: URL,
  options: NonNullable<Parameters<typeof request<null>>[1]> & { readonly signal: AbortSignal },
): Promise<Dispatcher.ResponseData> {
  const { signal } = options
  const response = request(url, options)
  const aborted = Promise.withResolvers<never>()
  const abort = () => {
    aborted.reject(signal.reason)
    // A response that arrives after the abort is not read.
    response.then(
      ({ body }) => ignoreErrors(body).destroy(),
      () => {},
    )
  }
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await Promise.race([response, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function refuseForeign(site: FetchedSite, url: URL): void {
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
  // An error between two reads, or after the last one, has no other listener and would end the process.
  ignoreErrors(body)
  const discard = () => {
    watch.end()
    body.destroy()
  }
  watch.expect(limits.idleTimeout, 'no bytes in time')
  return {
    status,
    url,
    header,
    discard,
    async *read(limit) {
      if (Number(header('content-length') ?? 0) > limit) {
        discard()
        throw tooLarge(limit)
      }
      let size = 0
      for await (const piece of pieces()) {
        size += piece.length
        if (size > limit) throw tooLarge(limit)
        yield piece
      }
    },
    async *readStart(limit) {
      let room = limit
      for await (const piece of pieces()) {
        yield piece.subarray(0, room)
        room -= piece.length
        if (room <= 0) return
      }
    },
  }

  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      for await (const piece of decodeContent(body, header('content-encoding'))) {
        watch.expect(limits.idleTimeout, 'no bytes in time')
        watch.received(piece.length)
        yield piece
      }
    } catch (error) {
      throw toFetchError(error, watch.signal)
    } finally {
      discard()
    }
  }
}

function ignoreErrors(stream: Readable): Readable {
  return stream.on('error', () => {})
}

function tooLarge(limit: number): PublisherError {
  return new PublisherError('too-large', `more than ${limit} bytes`)
}

interface Watch {
  readonly signal: AbortSignal
  /** Aborts unless it is called again, or `end` is called, within `ms`. */
  expect(ms: number, message: string): void
  /** Counts bytes for the minimum rate. */
  received(bytes: number): void
  end(): void
}

/** Starts the timers of a request. undici's timers restart with every byte, which a slow sender could exploit. */
function watchTime({ limits, timeout, signal: stop }: Context): Watch {
  const controller = new AbortController()
  const abort = (message: string) => controller.abort(new PublisherError('timeout', message))
  const stopped = () => controller.abort(abortReason(stop))
  const start = performance.now()
  let bytes = 0
  const checkRate = () => {
    const left = start + timeFor(bytes, limits) - performance.now()
    if (left <= 0) abort(`slower than ${limits.minRate} bytes/s`)
    else rate = setTimeout(checkRate, left)
  }
  let rate = setTimeout(checkRate, limits.rateGrace)
  const total = setTimeout(abort, timeout, 'no end in time')
  let next: NodeJS.Timeout | undefined
  if (stop.aborted) stopped()
  stop.addEventListener('abort', stopped)
  return {
    signal: controller.signal,
    expect: (ms, message) => {
      clearTimeout(next)
      next = setTimeout(abort, ms, message)
    },
    received: (count) => {
      bytes += count
    },
    end: () => {
      clearTimeout(total)
      clearTimeout(next)
      clearTimeout(rate)
      stop.removeEventListener('abort', stopped)
    },
  }
}

function toFetchError(error: unknown, signal: AbortSignal): PublisherError {
  if (signal.aborted && signal.reason instanceof PublisherError) return signal.reason
  if (error instanceof PublisherError) return error
  return new PublisherError('network', 'the connection failed', { cause: error })
}
