import type { ServerResponse } from 'node:http'
import { RegistryError } from '@peerpress/registry'
import type { ErrorRequestHandler } from 'express'
import { ServerError } from '../server-error.ts'

/** A refusal as RFC 9457 problem details. `code` is stable, `detail` is for people. */
export interface Problem {
  readonly status: number
  readonly code: string
  readonly detail: string
  /** Seconds after which a retry may succeed. */
  readonly retryAfter?: number
  /** The refused parts of a request with several parts. The other parts were done. */
  readonly refused?: readonly { readonly index: number; readonly code: string; readonly detail: string }[]
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  429: 'Too many requests',
  500: 'Server error',
  503: 'Not available now',
}

/**
 * Answers with a problem. Its type is a tag URI, so that no address has to exist for it. No cache may store it, because the
 * next request may succeed. Headers that the route has set for its normal answer are removed.
 */
export function sendProblem(
  response: ServerResponse,
  { status, code, detail, retryAfter, refused }: Problem,
): void {
  const type = `tag:peerpress,2026:${code}`
  const body = JSON.stringify({ type, title: titles[status] ?? 'Error', status, code, detail, refused })
  for (const header of ['ETag', 'Last-Modified']) response.removeHeader(header)
  response.setHeader('Cache-Control', 'no-store')
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter))
  response
    .writeHead(status, {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': Buffer.byteLength(body),
    })
    .end(body)
}

/** The last handler of the app: a refusal by the framework keeps its status. Any other error becomes a 500 without details. */
export const problemHandler: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (error instanceof ServerError && error.code === 'role-unavailable' && !response.headersSent) {
    sendProblem(response, { status: 503, code: error.code, detail: error.message, retryAfter: 10 })
    return
  }
  if (error instanceof RegistryError && error.code === 'disk-full' && !response.headersSent) {
    console.error(error.message)
    sendProblem(response, { status: 503, code: error.code, detail: error.message, retryAfter: 60 })
    return
  }
  const status =
    error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : 500
  if (status >= 400 && status < 500 && !response.headersSent) {
    const code = status === 413 ? 'too-large' : 'bad-request'
    sendProblem(response, { status, code, detail: (error as Error).message })
    return
  }
  failUnexpectedly(response, error)
}

/**
 * Logs an error that no route expected and answers 500 without details. An answer that has begun is cut off, so that its
 * reader knows that it is incomplete. A client that left before its answer was complete is no error.
 */
export function failUnexpectedly(response: ServerResponse, error: unknown): void {
  if (hasClientLeft(response, error)) {
    response.destroy()
    return
  }
  console.error(error)
  if (response.headersSent) {
    response.destroy()
    return
  }
  sendProblem(response, {
    status: 500,
    code: 'unexpected',
    detail: 'Something went wrong here; the log of the server says what.',
  })
}

/** Whether an error means only that the client closed the connection during its answer. */
export function hasClientLeft(response: ServerResponse, error: unknown): boolean {
  const isClosed = response.destroyed || response.req.socket.destroyed
  return isClosed && error instanceof Error && 'code' in error && closedCodes.has(error.code)
}

/** The error codes of the framework and of streams for a connection that the client closed. */
const closedCodes: ReadonlySet<unknown> = new Set([
  'ECONNABORTED',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_STREAM_UNABLE_TO_PIPE',
])
