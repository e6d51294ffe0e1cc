import type { CDPSession, Protocol } from 'puppeteer-core'
import { noPhases, type ProbedRequest, type ProbedTls, type RequestPhases } from '../probe-result.ts'

/** Maximum characters of a URL that is reported. */
const maxUrl = 2048

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

interface LoggedRequest extends Writable<ProbedRequest> {
  /** Seconds on the browser's clock. */
  readonly requestedAt: number
  /** When the first byte of the response arrived, on the browser's clock. */
  firstByteAt: number | null
  hasEnded: boolean
}

/** The page itself, without what it loads. */
export interface LoggedDocument {
  readonly url: string
  /** null: no response so far. */
  readonly status: number | null
  readonly tls: ProbedTls | null
}

/** The requests of a page as the browser reports them: https://chromedevtools.github.io/devtools-protocol/tot/Network/ */
export class RequestLog {
  readonly #max: number
  readonly #requests: LoggedRequest[] = []
  readonly #open = new Map<string, LoggedRequest>()
  #begin: number | null = null
  #mainFrame = ''
  #onEnd = () => {}
  /** The latest document of the page; null before its request. */
  document: LoggedDocument | null = null

  constructor(max: number) {
    this.#max = max
  }

  /** Listens to the network of a page. */
  async follow(session: CDPSession): Promise<void> {
    session.on('Network.requestWillBeSent', (event) => this.#sent(event))
    session.on('Network.responseReceived', ({ requestId, response, type, frameId }) => {
      this.#received(requestId, response)
      if (type === 'Document' && frameId === this.#mainFrame) {
        this.document = { url: response.url, status: response.status, tls: tlsOf(response) }
      }
    })
    session.on('Network.dataReceived', ({ requestId, dataLength }) => {
      const request = this.#open.get(requestId)
      if (request !== undefined) request.bytes += dataLength
    })
    session.on('Network.loadingFinished', ({ requestId, timestamp }) =>
      this.#ended(requestId, timestamp, null),
    )
    session.on('Network.loadingFailed', ({ requestId, timestamp, errorText }) =>
      // Chromium has no text for requests that the probe blocks.
      this.#ended(requestId, timestamp, errorText.slice(0, 100) || 'blocked'),
    )
    this.#mainFrame = (await session.send('Page.getFrameTree')).frameTree.frame.id
    await session.send('Network.enable')
  }

  /** The requests so far, in the order of their starts. */
  requests(): ProbedRequest[] {
    return this.#requests.map(
      ({ requestedAt: _requestedAt, firstByteAt: _firstByteAt, hasEnded, ...request }) => ({
        ...request,
        error: hasEnded ? request.error : 'pending',
      }),
    )
  }

  /** Forgets the document before a page is loaded. */
  expectDocument(): void {
    this.document = null
  }

  /**
   * Resolves when a document was requested and every request has ended, at the latest after `within` ms: what is
   * reported here may come after `load`.
   */
  async settled(within: number): Promise<void> {
    const end = Promise.withResolvers<void>()
    const timer = setTimeout(() => end.resolve(), within)
    this.#onEnd = () => {
      if (this.document !== null && this.#open.size === 0) end.resolve()
    }
    this.#onEnd()
    await end.promise
    clearTimeout(timer)
  }

  /** Removes the status of the latest document, because the proxy sent it and not the site. */
  forgetStatus(): void {
    if (this.document === null) return
    const { url } = this.document
    this.document = { ...this.document, status: null }
    const request = this.#requests.findLast((each) => each.url === url)
    if (request !== undefined) Object.assign(request, { status: null, error: 'refused' })
  }

  /** Phases of the latest document. */
  documentPhases(): RequestPhases {
    return this.#requests.findLast(({ url }) => url === this.document?.url)?.phases ?? noPhases
  }

  #sent(event: Protocol.Network.RequestWillBeSentEvent): void {
    const { requestId, request, timestamp, redirectResponse } = event
    if (event.type === 'Document' && event.frameId === this.#mainFrame) {
      this.document = { url: request.url, status: null, tls: null }
    }
    if (redirectResponse !== undefined) {
      this.#received(requestId, redirectResponse)
      this.#ended(requestId, timestamp, null)
    }
    if (!/^(?:https?|wss?):/.test(request.url) || this.#requests.length >= this.#max) return
    this.#begin ??= timestamp
    const logged: LoggedRequest = {
      url: request.url.slice(0, maxUrl),
      startedAt: (timestamp - this.#begin) * 1000,
      requestedAt: timestamp,
      firstByteAt: null,
      phases: noPhases,
      status: null,
      bytes: 0,
      from: 'network',
      error: null,
      hasEnded: false,
    }
    this.#requests.push(logged)
    this.#open.set(requestId, logged)
  }

  #received(requestId: string, response: Protocol.Network.Response): void {
    const request = this.#open.get(requestId)
    if (request === undefined) return
    const { status, timing, fromServiceWorker, fromDiskCache } = response
    request.status = status
    request.from = fromServiceWorker === true ? 'worker' : fromDiskCache === true ? 'cache' : 'network'
    if (timing === undefined) return
    request.phases = phasesOf(timing, request.requestedAt)
    request.firstByteAt = timing.requestTime + timing.receiveHeadersEnd / 1000
  }

  #ended(requestId: string, timestamp: number, error: string | null): void {
    const request = this.#open.get(requestId)
    if (request === undefined) return
    this.#open.delete(requestId)
    request.hasEnded = true
    request.error = error
    if (request.firstByteAt !== null) {
      request.phases = { ...request.phases, download: Math.max(0, (timestamp - request.firstByteAt) * 1000) }
    }
    this.#onEnd()
  }
}

/**
 * Converts Chromium's timing, which counts ms from `requestTime` and has -1 for what did not happen. The proxy resolves
 * names, so their time is part of `connect`.
 */
function phasesOf(timing: Protocol.Network.ResourceTiming, requestedAt: number): RequestPhases {
  const { connectStart, connectEnd, sslStart, sslEnd, sendStart, sendEnd, receiveHeadersEnd } = timing
  const offset = Math.max(0, (timing.requestTime - requestedAt) * 1000)
  const first = [connectStart, sendStart].find((moment) => moment >= 0) ?? 0
  return {
    queue: offset + first,
    dns: null,
    connect: between(connectStart, sslStart >= 0 ? sslStart : connectEnd),
    tls: between(sslStart, sslEnd),
    firstByte: between(sendEnd, receiveHeadersEnd),
    download: null,
  }
}

function between(start: number, end: number): number | null {
  return start < 0 || end < 0 ? null : Math.max(0, end - start)
}

function tlsOf({ securityDetails }: Protocol.Network.Response): ProbedTls | null {
  if (securityDetails === undefined) return null
  return { protocol: securityDetails.protocol, expiresAt: new Date(securityDetails.validTo * 1000) }
}
