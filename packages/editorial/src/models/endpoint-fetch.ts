import {
  createGuardedLookup,
  createOpenLookup,
  refusePrivateHost,
  type ResolveAll,
} from '@peerpress/publisher'
import { Agent, fetch as undiciFetch, type RequestInit as UndiciInit } from 'undici'
import { ModelError } from './model-error.ts'

/** Limits of a call to an endpoint. Times are in ms. */
export interface EndpointLimits {
  readonly connectTimeout: number
  /** From the request to the headers. Large models read a long prompt first. */
  readonly headersTimeout: number
  /** Between two parts of an answer. */
  readonly silence: number
  /** The whole call. */
  readonly timeout: number
  /** The whole answer with its framing, bytes. */
  readonly maxBody: number
}

export const endpointLimits: EndpointLimits = {
  connectTimeout: 15_000,
  headersTimeout: 180_000,
  silence: 120_000,
  timeout: 900_000,
  maxBody: 16 * 1024 ** 2,
}

export interface EndpointFetchOptions {
  readonly allowPrivateAddresses: boolean
  readonly limits: EndpointLimits
  readonly resolveAll?: ResolveAll | undefined
}

/** The `fetch` of one endpoint, with connections of its own. */
export interface EndpointFetch {
  readonly fetch: typeof globalThis.fetch
  close(): Promise<void>
}

const maxHeaderSize = 16 * 1024

/**
 * Creates a `fetch` that checks the address which the socket connects to, follows no redirect, and hands on only successful
 * answers of a bounded length. Everything else rejects with a {@link ModelError}.
 */
export function createEndpointFetch({
  allowPrivateAddresses,
  limits,
  resolveAll,
}: EndpointFetchOptions): EndpointFetch {
  const lookup = allowPrivateAddresses ? createOpenLookup(resolveAll) : createGuardedLookup(resolveAll)
  const agent = new Agent({
    maxHeaderSize,
    headersTimeout: limits.headersTimeout,
    bodyTimeout: limits.silence,
    connect: { timeout: limits.connectTimeout, lookup },
  })
  const fetchGuarded = async (input: unknown, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(String(input instanceof Request ? input.url : input))
    const late = AbortSignal.timeout(limits.timeout)
    const signal = init.signal == null ? late : AbortSignal.any([init.signal, late])
    try {
      if (!allowPrivateAddresses) refusePrivateHost(url)
      // The types of undici and of the platform differ in name only.
      const request = { ...init, signal, redirect: 'manual', dispatcher: agent } as unknown as UndiciInit
      const response = (await undiciFetch(url, request)) as unknown as Response
      const problem = problemOf(response, url.host)
      if (problem !== null) {
        await response.body?.cancel().catch(() => undefined)
        throw problem
      }
      return new Response(bounded(response.body, limits.maxBody), {
        status: response.status,
        headers: response.headers,
      })
    } catch (cause) {
      if (init.signal?.aborted === true) throw init.signal.reason
      throw modelErrorOf(cause, url.host)
    }
  }
  return { fetch: fetchGuarded, close: () => agent.destroy() }
}

/** Returns why a response is no answer of a model; null if it may be one. Its body may be endless, and is not read. */
function problemOf({ status, headers }: Response, host: string): ModelError | null {
  if (status >= 300 && status < 400) {
    return new ModelError('redirected', `${host} redirects, which is not followed: enter the final URL.`)
  }
  if (status === 401 || status === 403) {
    return new ModelError('unauthorized', `${host} refuses the key (status ${status}). Enter a valid one.`)
  }
  if (status === 429) {
    const retryAfter = retryAfterOf(headers.get('retry-after'))
    return new ModelError('rate-limited', `${host} takes no more requests for now (status 429).`, {
      retryAfter,
    })
  }
  if (status >= 500) {
    const retryAfter = retryAfterOf(headers.get('retry-after'))
    return new ModelError('unavailable', `${host} has an error of its own (status ${status}).`, {
      retryAfter,
    })
  }
  if (status < 200 || status > 299) {
    return new ModelError(
      'refused',
      `${host} refuses the request (status ${status}). Check the URL and the name of the model.`,
    )
  }
  const type = headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/event-stream' || type === 'application/json') return null
  return new ModelError(
    'not-an-endpoint',
    `${host} answers with ${type === '' ? 'no content type' : type.slice(0, 60)}, which no model does. Check the URL.`,
  )
}

/** Reads `Retry-After`: seconds or a date. Returns ms, or null. RFC 9110 section 10.2.3. */
function retryAfterOf(value: string | null): number | null {
  if (value === null) return null
  if (/^\d{1,6}$/.test(value)) return Number(value) * 1000
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(at - Date.now(), 0)
}

function bounded(
  body: ReadableStream<Uint8Array> | null,
  maxBody: number,
): ReadableStream<Uint8Array> | null {
  let bytes = 0
  return (
    body?.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          bytes += chunk.byteLength
          if (bytes > maxBody) controller.error(new ModelError('endless', 'The answer does not end.'))
          else controller.enqueue(chunk)
        },
      }),
    ) ?? null
  )
}

/** Returns the failure of a connection or a stream as a {@link ModelError}. */
export function modelErrorOf(error: unknown, host: string): ModelError {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 6; cause = cause.cause, depth++) {
    if (cause instanceof ModelError) return cause
    const { code } = cause as { code?: unknown }
    if (code === 'private-address') {
      return new ModelError(
        'private-address',
        `${host} has no public address. Only an administrator may allow that.`,
      )
    }
    if (code === 'UND_ERR_BODY_TIMEOUT' || cause.name === 'TimeoutError') {
      return new ModelError('endless', `${host} did not end its answer in time.`, { cause: error })
    }
    if (typeof code === 'string' && code === 'UND_ERR_SOCKET') {
      return new ModelError('cut-off', `The connection to ${host} ended before the answer did.`, {
        cause: error,
      })
    }
    if (typeof code === 'string' && /^(?:E[A-Z]+|UND_ERR_\w+)$/.test(code)) {
      return new ModelError('unreachable', `${host} cannot be reached (${code}).`, { cause: error })
    }
  }
  return new ModelError('cut-off', `The answer of ${host} cannot be read to its end.`, { cause: error })
}
