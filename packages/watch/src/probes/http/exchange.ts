import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket, TcpNetConnectOpts } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type AddressPolicy, lookupFor, portOf } from '../address-policy.ts'
import { networkFailure } from '../network-failure.ts'
import { ProbeFailed } from '../probe-failure.ts'
import type { ProbedTls, RequestPhases } from '../probe-result.ts'
import type { HttpProbeLimits } from './http-limits.ts'

/** The response to one request, over a connection of its own. */
export interface Exchange {
  readonly status: number
  /** Returns a header's value, or null. */
  readonly header: (name: string) => string | null
  readonly tls: ProbedTls | null
  /** The first bytes of the body. The body of a redirect is not read. */
  readonly start: Buffer
}

export interface ExchangeOptions {
  readonly policy: AddressPolicy
  readonly limits: HttpProbeLimits
  /** Aborts the exchange with the signal's reason. */
  readonly signal: AbortSignal
  /** Receives what has happened at the end, also of an exchange that fails. */
  readonly onEnd: (progress: { readonly phases: RequestPhases; readonly bytes: number }) => void
}

/**
 * Requests a URL once and reads the response.
 * @throws {ProbeFailed}
 */
export async function exchange(url: URL, options: ExchangeOptions): Promise<Exchange> {
  const { policy, limits, signal } = options
  const watch = new Stopwatch()
  const waiting = new AbortController()
  const late = setTimeout(() => waiting.abort(lateFailure(url, watch)), limits.headersTimeout)
  try {
    const lookup = lookupFor(policy, url.hostname, portOf(url))
    const settings: RequestOptions & Pick<TcpNetConnectOpts, 'autoSelectFamilyAttemptTimeout'> = {
      agent: false,
      lookup,
      signal: AbortSignal.any([signal, waiting.signal]),
      maxHeaderSize: limits.maxHeaderSize,
      // Node's default of 250 ms gives up addresses that are merely far away.
      autoSelectFamilyAttemptTimeout: 2000,
      headers: { 'user-agent': 'PeerPress', accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'identity' },
    }
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, settings)
    const response = await responseOf(request, watch)
    clearTimeout(late)
    const head = {
      status: response.statusCode ?? 0,
      header: (name: string) => {
        const value = response.headers[name]
        return (Array.isArray(value) ? value.join(', ') : value) ?? null
      },
      tls: tlsOf(response.socket),
    }
    let start = Buffer.alloc(0)
    if (isRedirect(head.status)) response.destroy()
    else start = await readBody(response, url, { limits, watch })
    watch.mark('end')
    return { ...head, start }
  } catch (error) {
    // Why the request was aborted says more than the error of the request.
    const reason: unknown = signal.aborted
      ? signal.reason
      : waiting.signal.aborted
        ? waiting.signal.reason
        : error
    if (reason === signal.reason && !(reason instanceof ProbeFailed)) throw reason
    throw networkFailure(reason, { host: url.hostname, isConnected: watch.isConnected() })
  } finally {
    clearTimeout(late)
    options.onEnd({ phases: watch.phases(), bytes: watch.bytes })
  }
}

/** Returns whether a response's `Location` is followed. */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** Sends the request and resolves to its response, whose errors no longer need a listener. */
function responseOf(request: ClientRequest, watch: Stopwatch): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('error', reject)
    request.on('socket', (socket) => watch.follow(socket))
    request.on('response', (response) => {
      watch.mark('firstByte')
      response.on('error', () => {})
      resolve(response)
    })
    request.on('upgrade', (_response, socket) => {
      socket.destroy()
      reject(
        new ProbeFailed('bad-response', 'The response switches to another protocol, which no page does.'),
      )
    })
    request.end()
  })
}

async function readBody(
  response: IncomingMessage,
  url: URL,
  { limits, watch }: { readonly limits: HttpProbeLimits; readonly watch: Stopwatch },
): Promise<Buffer<ArrayBuffer>> {
  const start: Buffer[] = []
  let stored = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    watch.bytes += piece.length
    if (watch.bytes > limits.maxBody) {
      const message = `The page at ${url.host} is longer than ${limits.maxBody / 1024 ** 2} MiB, or never ends. Check what the web server sends.`
      throw new ProbeFailed('too-large', message)
    }
    const kept = piece.subarray(0, limits.maxStart - stored)
    if (kept.length > 0) start.push(kept)
    stored += kept.length
  }
  return Buffer.concat(start)
}

function tlsOf(socket: Socket): ProbedTls | null {
  if (!(socket instanceof TLSSocket)) return null
  const expiresAt = new Date(socket.getPeerCertificate().valid_to)
  return { protocol: socket.getProtocol(), expiresAt: Number.isNaN(expiresAt.getTime()) ? null : expiresAt }
}

function lateFailure({ hostname: host }: URL, watch: Stopwatch): ProbeFailed {
  if (watch.isConnected()) {
    return new ProbeFailed(
      'no-answer',
      `${host} accepted the connection and sent no response in time. Check that the web server and its database are not overloaded.`,
    )
  }
  return watch.has('connect')
    ? new ProbeFailed('tls-failed', `${host} did not complete the encrypted connection in time.`)
    : new ProbeFailed(
        watch.has('dns') ? 'unreachable' : 'dns-failed',
        watch.has('dns')
          ? `No connection to ${host} was established in time. Check that the server runs and that its firewall lets visitors through.`
          : `The name servers did not answer for ${host} in time. Check the domain's name servers.`,
      )
}

type Mark = 'dns' | 'connect' | 'tls' | 'firstByte' | 'end'

/** The moments of one exchange. */
class Stopwatch {
  readonly #start = performance.now()
  readonly #marks = new Map<Mark, number>()
  #isEncrypted = false
  /** Bytes of the body so far. */
  bytes = 0

  /** Records the first time that something happened. */
  mark(mark: Mark): void {
    if (!this.#marks.has(mark)) this.#marks.set(mark, performance.now())
  }

  has(mark: Mark): boolean {
    return this.#marks.has(mark)
  }

  isConnected(): boolean {
    return this.has(this.#isEncrypted ? 'tls' : 'connect')
  }

  follow(socket: Socket): void {
    this.#isEncrypted = socket instanceof TLSSocket
    socket.on('lookup', () => this.mark('dns'))
    socket.on('connect', () => this.mark('connect'))
    socket.on('secureConnect', () => this.mark('tls'))
    // An address needs no lookup.
    socket.on('connectionAttempt', () => this.mark('dns'))
  }

  phases(): RequestPhases {
    const at = (mark: Mark) => this.#marks.get(mark)
    const connected = at('tls') ?? at('connect')
    return {
      queue: null,
      dns: between(this.#start, at('dns')),
      connect: between(at('dns'), at('connect')),
      tls: between(at('connect'), at('tls')),
      firstByte: between(connected, at('firstByte')),
      download: between(at('firstByte'), at('end')),
    }
  }
}

function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : to - from
}
