import { type Browser, type Page, TimeoutError } from 'puppeteer-core'
import { portOf } from '../address-policy.ts'
import { failureOfResponse } from '../page-status.ts'
import { ProbeFailed } from '../probe-failure.ts'
import type { ProbeResult } from '../probe-result.ts'
import { BrowserError } from './browser-error.ts'
import { browserFailure } from './browser-failure.ts'
import type { BrowserProbeLimits } from './browser-limits.ts'
import type { GuardingProxy } from './guarding-proxy.ts'
import type { RequestLog } from './request-log.ts'
import { checkWorker, joinAssistedArm, type WorkerState } from './worker-check.ts'

interface VisitOptions {
  readonly proxy: Pick<GuardingProxy, 'bytes' | 'failureOf'>
  readonly log: RequestLog
  readonly limits: BrowserProbeLimits
}

/** ms after the `load` event for requests that end with it, and for the report of its response. */
const settleTime = 500

/** ms after the check's own time limit for its result to arrive. */
const busyTime = 5000

/** The part of a result that a visit measures. */
type VisitMeasures = Pick<ProbeResult, 'status' | 'durationMs' | 'phases' | 'tls' | 'worker'>

/** The visit of one page: a first load, and a second one if PeerPress's worker is active by then. */
export class PageVisit {
  readonly #url: URL
  readonly #options: VisitOptions
  #begun: number | null = null
  /** From the request of the page to its `load` event or its failure. null: still loading. */
  #loadTime: number | null = null
  /** Of the first load, once it has ended. */
  #first: Omit<VisitMeasures, 'worker'> | null = null
  #worker: VisitMeasures['worker'] = null

  constructor(url: URL, options: VisitOptions) {
    this.#url = url
    this.#options = options
  }

  /** What the visit has measured so far. */
  measures(): VisitMeasures {
    return { ...(this.#first ?? this.#measureLoad()), worker: this.#worker }
  }

  /**
   * Resolves to the page's failure, or to null.
   * @throws {BrowserError} `browser-ended`
   */
  async run(browser: Browser): Promise<ProbeFailed | null> {
    const page = await browser.newPage().catch((error: unknown) => {
      throw browserEnded(error)
    })
    const crash = Promise.withResolvers<never>()
    crash.promise.catch(() => {})
    page.on('error', () => crash.reject(pageCrashed(this.#url)))
    page.on('dialog', (dialog) => {
      // A page that has closed its dialog meanwhile needs no answer.
      dialog.dismiss().catch(() => {})
    })
    const visiting = this.#visit(page).catch((error: unknown) => {
      throw error instanceof ProbeFailed || error instanceof BrowserError ? error : browserEnded(error)
    })
    return Promise.race([visiting, crash.promise])
  }

  async #visit(page: Page): Promise<ProbeFailed | null> {
    const { log } = this.#options
    const session = await page.createCDPSession()
    await log.follow(session)
    await session.send('Browser.setDownloadBehavior', { behavior: 'deny' })
    // A probe is no reader: without a ticket it joins no swarm, where readers would be introduced to it.
    await session.send('Network.setBlockedURLs', {
      urlPatterns: [{ urlPattern: '*://*:*/v1/ticket*', block: true }],
    })
    await page.setUserAgent({ userAgent: `${await page.browser().userAgent()} PeerPress` })
    await joinAssistedArm(page)
    this.#begun = performance.now()
    const first = await this.#load(page)
    this.#first = this.#measureLoad()
    if (first !== null) return first
    const state = await this.#checkWorker(page)
    if (state === 'busy') return pageIsBusy(this.#url)
    this.#worker = state === 'absent' ? 'absent' : 'failed'
    if (state === 'absent') return null
    if (state === 'late') return workerIsLate(this.#url)
    const second = await this.#load(page)
    if (second !== null) return workerFailed(this.#url, second)
    this.#worker = 'loaded'
    return null
  }

  /** Checks the worker. A script that never ends keeps the check from its result. */
  async #checkWorker(page: Page): Promise<WorkerState | 'busy'> {
    const { workerTimeout } = this.#options.limits
    const busy = Promise.withResolvers<'busy'>()
    const timer = setTimeout(() => busy.resolve('busy'), workerTimeout + busyTime)
    const checking = checkWorker(page, workerTimeout).catch((error: unknown): WorkerState => {
      if (!page.browser().connected) throw browserEnded(error)
      // The page went to another page meanwhile.
      return 'absent'
    })
    checking.catch(() => {})
    try {
      return await Promise.race([checking, busy.promise])
    } finally {
      clearTimeout(timer)
    }
  }

  #measureLoad(): Omit<VisitMeasures, 'worker'> {
    const { log } = this.#options
    return {
      status: log.document?.status ?? null,
      durationMs: this.#loadTime ?? (this.#begun === null ? 0 : performance.now() - this.#begun),
      phases: log.documentPhases(),
      tls: log.document?.tls ?? null,
    }
  }

  /** Loads the page once. Resolves to its failure, or to null. */
  async #load(page: Page): Promise<ProbeFailed | null> {
    const { limits, log, proxy } = this.#options
    let error: unknown
    log.expectDocument()
    const response = await page
      .goto(this.#url.href, { waitUntil: 'load', timeout: limits.loadTimeout })
      .catch((cause: unknown) => {
        error = cause
        return null
      })
    if (this.#begun !== null) this.#loadTime ??= performance.now() - this.#begun
    // The `load` event comes on another session, and may overtake what the log is told.
    await log.settled(settleTime)
    const { url: last = this.#url.href, status = null } = log.document ?? {}
    const url = new URL(last)
    // The proxy knows more than the browser, and answers plain requests itself when it refuses them.
    const isFromProxy = response === null || [403, 502].includes(response.status())
    const refusal = isFromProxy ? proxy.failureOf(url.hostname, portOf(url)) : null
    if (proxy.bytes() >= limits.maxBytes) return tooManyBytes(url, limits)
    if (refusal !== null) {
      log.forgetStatus()
      return refusal
    }
    if (response !== null) {
      return failureOfResponse(url, {
        status: response.status(),
        header: (name) => response.headers()[name] ?? null,
        start: null,
      })
    }
    if (error instanceof TimeoutError) {
      return status === null ? noAnswer(url) : notLoaded(url, limits, log)
    }
    const isAboutPage = error === undefined || (error instanceof Error && error.message.includes('net::ERR_'))
    if (isAboutPage) return browserFailure(error ?? 'net::ERR_ABORTED', url.host)
    throw browserEnded(error)
  }
}

function browserEnded(cause: unknown): BrowserError {
  return new BrowserError('browser-ended', 'The browser ended before the probe did.', { cause })
}

function pageCrashed({ host }: URL): ProbeFailed {
  return new ProbeFailed(
    'page-crashed',
    `The page at ${host} crashed in the browser. Check its scripts for endless loops and for memory that grows.`,
  )
}

function pageIsBusy({ host }: URL): ProbeFailed {
  return new ProbeFailed(
    'not-loaded',
    `The page at ${host} loaded, and then one of its scripts kept the browser busy. Check its scripts for endless loops.`,
  )
}

function noAnswer({ host }: URL): ProbeFailed {
  return new ProbeFailed(
    'no-answer',
    `${host} accepted the connection and sent no response in time. Check that the web server and its database are not overloaded.`,
  )
}

function notLoaded({ host }: URL, { loadTimeout }: BrowserProbeLimits, log: RequestLog): ProbeFailed {
  const pending = log.requests().filter(({ error }) => error === 'pending')
  const [first] = pending
  const waits =
    first === undefined
      ? 'No request was pending: one of its scripts keeps the page busy.'
      : `It waited for ${pending.length} of its requests, the first of them ${first.url.slice(0, 200)}`
  return new ProbeFailed(
    'not-loaded',
    `The page at ${host} had not finished loading after ${loadTimeout / 1000} s. ${waits}`,
  )
}

function tooManyBytes({ host }: URL, { maxBytes }: BrowserProbeLimits): ProbeFailed {
  return new ProbeFailed(
    'too-large',
    `The page at ${host} loads more than ${maxBytes / 1024 ** 2} MiB. Check its media, and whether one of its responses never ends.`,
  )
}

function workerIsLate({ host }: URL): ProbeFailed {
  return new ProbeFailed(
    'worker-failed',
    `PeerPress's worker did not start on ${host}. Check that its address, see the page's configuration, responds with the worker's script. Readers get everything from the site meanwhile.`,
  )
}

function workerFailed({ host }: URL, { message }: ProbeFailed): ProbeFailed {
  const text = `The page at ${host} loads without PeerPress's worker and fails with it. Update the plugin, or switch delivery off. With the worker: ${message}`
  return new ProbeFailed('worker-failed', text.slice(0, 500))
}
