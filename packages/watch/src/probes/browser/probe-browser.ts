import type { AddressPolicy } from '../address-policy.ts'
import { ProbeFailed } from '../probe-failure.ts'
import type { ProbeResult } from '../probe-result.ts'
import { BrowserError } from './browser-error.ts'
import { type BrowserProbeLimits, browserProbeLimits } from './browser-limits.ts'
import { type GuardingProxy, startGuardingProxy } from './guarding-proxy.ts'
import type { LaunchedBrowser } from './launch-chromium.ts'
import { RequestLog } from './request-log.ts'

/** How a page is probed in a browser. */
export interface BrowserProbeOptions {
  /** Chromium's path. */
  readonly executable: string
  readonly policy: AddressPolicy
  /** Ends the probe without a result. */
  readonly signal: AbortSignal
  /** @default browserProbeLimits */
  readonly limits?: BrowserProbeLimits
  /** The clock of `at`, ms since 1970. @default Date.now */
  readonly now?: () => number
}

/**
 * Opens a page in a browser that has never seen it, then again with PeerPress's worker where the page has one. The browser
 * runs in its sandbox, reaches the network through a guarding proxy only, and is killed at the end.
 * @throws {BrowserError} the browser failed, which says nothing about the site
 * @throws the signal's reason when it aborts
 */
export async function probeInBrowser(url: URL, options: BrowserProbeOptions): Promise<ProbeResult> {
  const { executable, policy, signal, limits = browserProbeLimits, now = Date.now } = options
  const at = new Date(now())
  const stop = Promise.withResolvers<never>()
  stop.promise.catch(() => {})
  const stopped = () => stop.reject(signal.reason)
  signal.addEventListener('abort', stopped)
  const log = new RequestLog(limits.maxRequests)
  let proxy: GuardingProxy | undefined
  let launched: LaunchedBrowser | undefined
  const timer = setTimeout(
    () => stop.reject(new BrowserError('browser-ended', `${executable} did not respond in time.`)),
    limits.timeout,
  )
  try {
    signal.throwIfAborted()
    proxy = await startGuardingProxy({ policy, maxBytes: limits.maxBytes })
    // Both load the library that drives the browser, which a server without one does not need.
    const [{ launchChromium }, { PageVisit }] = await Promise.all([
      import('./launch-chromium.ts'),
      import('./page-visit.ts'),
    ])
    launched = await launchChromium({ executable, proxy: proxy.address, limits })
    const visit = new PageVisit(url, { proxy, log, limits })
    const visiting = visit.run(launched.browser)
    // What interrupts the visit is known already.
    visiting.catch(() => {})
    const failure = await Promise.race([visiting, launched.ended, stop.promise]).catch((error: unknown) =>
      failureAbout(error),
    )
    return {
      kind: 'browser',
      url: url.href,
      at,
      ...visit.measures(),
      failure: failure && { code: failure.code, message: failure.message },
      requests: log.requests(),
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stopped)
    await launched?.close()
    await proxy?.close()
  }
}

/**
 * Returns the failure of the page that an error means.
 * @throws the error, if it is not about the page
 */
function failureAbout(error: unknown): ProbeFailed {
  if (error instanceof ProbeFailed) return error
  if (error instanceof BrowserError && error.code === 'too-large')
    return new ProbeFailed('too-large', error.message)
  throw error
}
