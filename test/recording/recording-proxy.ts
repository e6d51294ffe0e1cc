import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request to the server and its answer. */
export interface Exchange {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** When the request was complete, ms since the Unix epoch. */
  readonly at: number
  readonly status: number
  readonly answerHeaders: IncomingHttpHeaders
  readonly answer: Buffer
}

/** Stands in front of a server, under the address that sites and browsers know, and shows every exchange. */
export interface RecordingProxy {
  readonly url: string
  /** Where requests go from now on. */
  target: string
  close(): Promise<void>
}

/** Starts a proxy on loopback. WebSockets pass through unseen. */
export async function startRecordingProxy(onExchange: (exchange: Exchange) => void): Promise<RecordingProxy> {
  const sockets = new Set<Socket>()
  const track = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((request, response) => {
    forward(request, response).catch(() => response.destroy())
  })
  server.on('connection', track)
  server.on('upgrade', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const { hostname, port } = new URL(proxy.target)
    const upstream = connect(Number(port), hostname)
    track(upstream)
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    upstream.on('connect', () => {
      const lines = request.rawHeaders.flatMap((name, i, all) => (i % 2 ? [] : [`${name}: ${all[i + 1]}`]))
      upstream.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
      upstream.write(head)
      client.pipe(upstream).pipe(client)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: RecordingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return proxy

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request
    const body = await buffer(request)
    const at = Date.now()
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      httpRequest(proxy.target + path, { method, headers }, resolve)
        .on('error', reject)
        .end(body)
    })
    const answer = await buffer(incoming)
    const status = incoming.statusCode ?? 0
    // Before the answer: who waits for it finds the exchange recorded.
    onExchange({ method, path, headers, body, at, status, answerHeaders: incoming.headers, answer })
    response.writeHead(status, incoming.headers)
    response.end(answer)
  }
}
