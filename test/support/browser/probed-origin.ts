import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A server on this machine for probes to look at. */
export interface ProbedOrigin {
  readonly origin: string
  /** Paths of requests and of WebSocket handshakes so far. */
  readonly requests: readonly string[]
  /** Resolves at the first request of a path. */
  requested(path: string): Promise<void>
  close(): Promise<void>
}

/** What a page of an origin is: its HTML, or a function that answers itself. */
export type ProbedPage = string | RequestListener

/** Starts an origin with these pages by path. Other paths do not exist. */
export async function startProbedOrigin(pages: Readonly<Record<string, ProbedPage>>): Promise<ProbedOrigin> {
  const requests: string[] = []
  const waiting = new Map<string, PromiseWithResolvers<void>>()
  const firstOf = (path: string): PromiseWithResolvers<void> => {
    const first = waiting.get(path) ?? Promise.withResolvers<void>()
    waiting.set(path, first)
    return first
  }
  const record = ({ url = '/' }: IncomingMessage) => {
    requests.push(url)
    firstOf(url).resolve()
  }
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const page = pages[request.url ?? '/']
    if (typeof page === 'function') page(request, response)
    else if (page === undefined) response.writeHead(404).end()
    else response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page)
    record(request)
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    record(request)
    socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    requested: (path) => firstOf(path).promise,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
