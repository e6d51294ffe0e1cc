import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestOptions,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { type AddressPolicy, lookupFor } from '../address-policy.ts'
import { networkFailure } from '../network-failure.ts'
import { ProbeFailed } from '../probe-failure.ts'
import { ByteBudget } from './byte-budget.ts'

/** The one way from a probe's browser to the network. */
export interface GuardingProxy {
  /** `127.0.0.1:port` */
  readonly address: string
  /** Bytes in both directions so far. */
  readonly bytes: () => number
  /** Why no connection to a host was established; null if none failed. */
  readonly failureOf: (host: string, port: number) => ProbeFailed | null
  /** Ends all connections. */
  close(): Promise<void>
}

export interface ProxyOptions {
  readonly policy: AddressPolicy
  /** Bytes in both directions, after which nothing passes any more. */
  readonly maxBytes: number
}

/** Connections to hosts at the same time. A page that needs more has its further requests refused. */
const maxConnections = 200
/** Hosts whose failures are remembered. */
const maxFailures = 200
/** ms */
const connectTimeout = 10_000

/**
 * Starts an HTTP proxy for one probe. It resolves names itself and refuses addresses that are not public unless the policy
 * allows them, both for tunnels (HTTPS, WebSockets) and for plain requests.
 */
export async function startGuardingProxy({ policy, maxBytes }: ProxyOptions): Promise<GuardingProxy> {
  const sockets = new Set<Socket>()
  const failures = new Map<string, ProbeFailed>()
  const budget = new ByteBudget(maxBytes)
  let connections = 0
  const server = createServer({ maxHeaderSize: 64 * 1024 })
  server.on('connection', track)
  server.on('request', (request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  server.on('connect', (request, client: Socket, head) => {
    tunnel(request, client, head).catch(() => client.destroy())
  })
  // A page's WebSocket comes through a tunnel.
  server.on('upgrade', (_request, socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: () => budget.used,
    failureOf: (host, port) => failures.get(`${host}:${port}`) ?? null,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }

  function track(socket: Socket): Socket {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    return socket
  }

  /** Connects to a host; the connection counts until it closes. */
  async function connectTo(host: string, port: number): Promise<Socket> {
    if (connections >= maxConnections || budget.isSpent)
      throw new Error('the probe has too many connections or bytes')
    connections++
    let socket: Socket | undefined
    try {
      const lookup = lookupFor(policy, host, port)
      // IPv6 addresses have brackets in URLs only.
      const name = host.startsWith('[') ? host.slice(1, -1) : host
      socket = track(
        connect({ host: name, port, lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: 2000 }),
      )
      socket.on('close', () => connections--)
      await once(socket, 'connect', { signal: AbortSignal.timeout(connectTimeout) })
      failures.delete(`${host}:${port}`)
      return socket
    } catch (error) {
      if (socket === undefined) connections--
      socket?.destroy()
      const failure = networkFailure(error, { host, isConnected: false })
      if (failures.size < maxFailures) failures.set(`${host}:${port}`, failure)
      throw failure
    }
  }

  async function tunnel(request: IncomingMessage, client: Socket, head: Buffer): Promise<void> {
    const target = URL.parse(`tunnel://${request.url ?? ''}`)
    if (target === null || target.port === '' || target.pathname !== '') {
      client.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      return
    }
    // A tunnel's URL is no HTTP URL, so its host is not in its canonical form yet.
    const host = URL.parse(`http://${target.host}`)?.hostname ?? ''
    const upstream = await connectTo(host, Number(target.port)).catch((error: unknown) => {
      client.end(`HTTP/1.1 ${statusFor(error)} Refused\r\n\r\n`)
      return null
    })
    if (upstream === null) return
    client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
    upstream.write(head)
    // What ends one side ends the other, also an error of either.
    pipeline(client, budget.meter(), upstream, () => client.destroy())
    pipeline(upstream, budget.meter(), client, () => upstream.destroy())
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {})
    response.on('error', () => {})
    const url = URL.parse(request.url ?? '')
    if (url?.protocol !== 'http:') {
      response.writeHead(400).end()
      return
    }
    const socket = await connectTo(url.hostname, Number(url.port || 80)).catch((error: unknown) => {
      response.writeHead(statusFor(error)).end()
      return null
    })
    if (socket === null) return
    const options: RequestOptions = {
      method: request.method,
      path: `${url.pathname}${url.search}`,
      headers: { ...endToEnd(request), host: url.host, connection: 'close' },
      createConnection: () => socket,
    }
    const outgoing = httpRequest(options, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, endToEnd(incoming))
      pipeline(incoming, budget.meter(), response, () => socket.destroy())
    })
    outgoing.on('error', () => response.destroy())
    response.on('close', () => socket.destroy())
    pipeline(request, budget.meter(), outgoing, () => {})
  }
}

/** 403 for what is refused, 502 for what failed. */
function statusFor(error: unknown): number {
  return error instanceof ProbeFailed && error.code === 'private-address' ? 403 : 502
}

/** Fields about one connection: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Returns the header fields that concern more than one connection. */
function endToEnd({ headers }: IncomingMessage): Record<string, string | string[]> {
  const named = new Set((headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase()))
  return Object.fromEntries(
    Object.entries(headers).filter(
      (entry): entry is [string, string | string[]] =>
        entry[1] !== undefined && !hopByHop.has(entry[0]) && !named.has(entry[0]),
    ),
  )
}
