import type { AddressPolicy } from '../address-policy.ts'
import { failureOfResponse } from '../page-status.ts'
import { ProbeFailed } from '../probe-failure.ts'
import { noPhases, type ProbedRequest, type ProbedTls, type ProbeResult } from '../probe-result.ts'
import { type Exchange, exchange, isRedirect } from './exchange.ts'
import { type HttpProbeLimits, httpProbeLimits } from './http-limits.ts'

/** How a page is probed. */
export interface HttpProbeOptions {
  readonly policy: AddressPolicy
  /** Ends the probe without a result. */
  readonly signal: AbortSignal
  /** @default httpProbeLimits */
  readonly limits?: HttpProbeLimits
  /** The clock of `at`, ms since 1970. @default Date.now */
  readonly now?: () => number
}

/** Maximum length of a URL that a redirect leads to. */
const maxUrl = 2048

/**
 * Requests a page as a reader without cookies does, on new connections, and follows its redirects.
 * @throws the signal's reason when it aborts; every failure of the site is part of the result
 */
export async function probeHttp(start: URL, options: HttpProbeOptions): Promise<ProbeResult> {
  const { policy, signal, limits = httpProbeLimits, now = Date.now } = options
  const at = new Date(now())
  const begun = performance.now()
  const requests: ProbedRequest[] = []
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(tooSlow(start, limits)), limits.timeout)
  const within = { policy, limits, signal: AbortSignal.any([signal, late.signal]) }
  let last: { readonly status: number | null; readonly tls: ProbedTls | null } = { status: null, tls: null }
  const result = (failure: ProbeFailed | null): ProbeResult => ({
    kind: 'http',
    url: start.href,
    at,
    failure: failure && { code: failure.code, message: failure.message },
    status: last.status,
    durationMs: performance.now() - begun,
    phases: requests.at(-1)?.phases ?? noPhases,
    tls: last.tls,
    worker: null,
    requests,
  })
  try {
    signal.throwIfAborted()
    const seen = new Set<string>()
    for (let url = start; ;) {
      seen.add(url.href)
      const answer = await recorded(url, { ...within, begun, requests })
      last = answer
      const location = isRedirect(answer.status) ? answer.header('location') : null
      if (location === null) return result(failureOfResponse(url, answer))
      url = redirected(location, url)
      if (seen.has(url.href) || seen.size > limits.maxRedirects) throw redirectLoop(seen, url)
    }
  } catch (error) {
    if (!(error instanceof ProbeFailed)) throw error
    return result(error)
  } finally {
    clearTimeout(timer)
  }
}

/** Does one exchange and appends it to the requests, also if it fails. */
async function recorded(
  url: URL,
  options: Pick<HttpProbeOptions, 'policy' | 'signal'> & {
    readonly limits: HttpProbeLimits
    readonly begun: number
    readonly requests: ProbedRequest[]
  },
): Promise<Exchange> {
  const { begun, requests, ...within } = options
  const startedAt = performance.now() - begun
  let progress = { phases: noPhases, bytes: 0 }
  const record = (part: Pick<ProbedRequest, 'status' | 'error'>) =>
    requests.push({ url: url.href, startedAt, from: 'network', ...progress, ...part })
  try {
    const answer = await exchange(url, { ...within, onEnd: (ended) => (progress = ended) })
    record({ status: answer.status, error: null })
    return answer
  } catch (error) {
    record({ status: null, error: error instanceof ProbeFailed ? error.code : 'stopped' })
    throw error
  }
}

function redirected(location: string, from: URL): URL {
  const url = URL.parse(location, from.href)
  const isFollowed =
    url !== null &&
    url.href.length <= maxUrl &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === ''
  if (isFollowed) {
    url.hash = ''
    return url
  }
  throw new ProbeFailed(
    'bad-redirect',
    `${from.host} redirects to an address that is no web page, is longer than ${maxUrl} characters or contains a password.`,
  )
}

function redirectLoop(seen: ReadonlySet<string>, url: URL): ProbeFailed {
  const message = seen.has(url.href)
    ? `The redirects lead back to ${url.host}${url.pathname.slice(0, 100)}: no browser shows the page. Check the site's address and its rules for HTTPS and "www".`
    : `The page redirects more than ${seen.size - 1} times.`
  return new ProbeFailed('redirect-loop', message)
}

function tooSlow({ host }: URL, limits: HttpProbeLimits): ProbeFailed {
  return new ProbeFailed(
    'too-slow',
    `The page at ${host} was not complete after ${limits.timeout / 1000} s. Check that the web server is not overloaded.`,
  )
}
