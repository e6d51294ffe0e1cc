import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { failUnexpectedly, sendProblem } from './problem.ts'
import { ServerError } from '../server-error.ts'
import { closeUnread } from './close-unread.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { isHost, pathAndQuery } from './request-target.ts'

/** The path of WebSockets. Requests for an upgrade elsewhere are answered without an upgrade. */
const webSocketPath = '/v1/tracker'

const limits = {
  /** Time until a request's headers are complete, ms. */
  headersTimeout: 15_000,
  /** Time until a request is complete, its body included, ms: 256 KiB over 50 kbit/s take 42 s. */
  requestTimeout: 60_000,
  /** How often both are checked, ms. */
  connectionsCheckingInterval: 5_000,
} as const

/** Time without a byte in either direction after which a connection is closed, ms. The client does not read its answer. */
export const idleTime = 120_000

export interface EntryOptions {
  readonly host: string
  readonly port: number
  /** Handles a beacon. Returns false for any other request. */
  readonly takesBeacon: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Answers all other requests. */
  readonly app: (request: IncomingMessage, response: ServerResponse) => void
  /** Handles the socket of a request for a WebSocket. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/** The server's one port. */
export interface Entry {
  /** The address it listens at: `http://host:port`. */
  readonly url: string
  /** Refuses new connections and ends idle ones at once. Connections with a request in flight have two seconds. */
  close(): Promise<void>
}

/**
 * Listens and routes every request. Rules for all requests are checked here, before a route handles them.
 * @throws {ServerError} `address-in-use`
 */
export async function openEntry({ host, port, takesBeacon, app, upgrade }: EntryOptions): Promise<Entry> {
  const http = createServer(
    // Other requests that offer an upgrade are served as if they did not (RFC 9110 section 7.8).
    { ...limits, shouldUpgradeCallback: isForWebSocket },
    oneAtATime((request, response) => {
      try {
        answer(request, response)
      } catch (error) {
        failUnexpectedly(response, error)
      }
    }),
  )
  http.timeout = idleTime
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const path = pathAndQuery(request.url ?? '')
    request.url = path ?? '/'
    if (path !== null && takesBeacon(request, response)) return
    closeUnread(request, response)
    // A client that requested a WebSocket has no other use for the connection.
    if (wantsWebSocket(request)) response.setHeader('Connection', 'close')
    if (hasBadHost(request)) {
      sendProblem(response, { status: 400, code: 'bad-host', detail: 'The Host header names no host.' })
    } else if (path === null) {
      sendProblem(response, { status: 404, code: 'not-found', detail: 'There is nothing at this address.' })
    } else app(request, response)
  }
  http.on('upgrade', (request, socket, head) => {
    // A reset ends the connection like a close.
    socket.on('error', () => undefined)
    try {
      upgrade(request, socket, head)
    } catch (error) {
      console.error(error)
      socket.destroy()
    }
  })
  await listen(http, { host, port })
  const address = http.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: () => stopListening(http),
  }
}

function isForWebSocket(request: IncomingMessage): boolean {
  return wantsWebSocket(request) && pathAndQuery(request.url ?? '')?.split('?', 1)[0] === webSocketPath
}

function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.trim().toLowerCase() === 'websocket'
}

function hasBadHost({ headers, headersDistinct }: IncomingMessage): boolean {
  return !isHost(headers.host) || (headersDistinct['host'] ?? []).length > 1
}

async function listen(
  http: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new ServerError(
              'address-in-use',
              `${host}:${port} is taken. Stop what listens there or choose another port with --port.`,
              { cause },
            )
          : cause,
      )
    })
    http.listen(port, host, resolve)
  })
  // A connection that cannot be accepted, because descriptors ran out for example, is lost; the server goes on.
  http.on('error', (error) => console.error(error))
}

async function stopListening(http: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    http.close(() => resolve())
    http.closeIdleConnections()
    // WebSockets are closed by the tracker. A request that is still open after a moment has a stuck client.
    setTimeout(() => http.closeAllConnections(), 2000).unref()
  })
}
