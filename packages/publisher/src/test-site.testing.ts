import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net'
import type { Site } from '@peerpress/registry'

/** The response of a test site's path. */
export interface Resource {
  readonly body?: Buffer | string
  readonly type?: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestSite {
  readonly origin: string
  /** Responses by path and query. A function handles the request itself. Other paths respond with 404. */
  readonly routes: Map<string, Resource | RequestListener>
  /** All requests so far. */
  readonly requests: IncomingMessage[]
  /** Returns the number of requests for one path. */
  count(path: string): number
  close(): Promise<void>
}

/** Starts a web site on 127.0.0.1. It responds to conditional requests like a file server. */
export async function startSite(): Promise<TestSite> {
  const routes = new Map<string, Resource | RequestListener>()
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const path = request.url ?? ''
    // A site ignores unknown parameters of a URL.
    const resource = routes.get(path) ??
      routes.get(path.replace(/[?&]peerpress-look=.*/, '')) ?? { status: 404 }
    if (typeof resource === 'function') return resource(request, response)
    const { body = '', type = 'text/html; charset=utf-8', status = 200, headers = {} } = resource
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
    if (status === 200 && request.headers['if-none-match'] === etag) return response.writeHead(304).end()
    const length = Buffer.byteLength(body)
    return response
      .writeHead(status, { 'content-type': type, 'content-length': length, etag, ...headers })
      .end(body)
  })
  const origin = await listen(server)
  return {
    origin,
    routes,
    requests,
    count: (path) => requests.filter(({ url }) => url === path).length,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Starts a server that sends raw bytes, for responses that no HTTP library would send. */
export async function startSocketServer(onSocket: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createSocketServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  const origin = await listen(server)
  return {
    origin,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Returns a site record like the registry's, without a registry. */
export function siteRecord(origins: readonly string[], allowPrivateAddresses: boolean): Site {
  return {
    id: 'aaaaaaaaaaaaaaaa',
    url: `${origins[0]}/`,
    origins,
    mode: 'full',
    consent: 'assumed',
    unstated: { mode: 'full', consent: 'assumed' },
    allowPrivateAddresses,
    publicKey: randomBytes(32),
    createdAt: new Date(0),
    savingsRates: { pricePerGigabyte: null, currency: null, carbonPerGigabyte: null },
    disconnectedAt: null,
    name: null,
    timeZone: 'UTC',
  }
}

/** Returns random bytes that start like a PNG picture. */
export function png(length: number): Buffer {
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(length - 8)])
}

/** Returns random bytes that start like an MP4 video. */
export function mp4(length: number): Buffer {
  return Buffer.concat([Buffer.from('0000001866747970', 'hex'), randomBytes(length - 8)])
}

/** Computes the chunks and the id of these bytes independently. */
export function expectedAsset(bytes: Buffer) {
  let chunkSize = 65_536
  while (chunkSize < 1_048_576 && bytes.length > chunkSize * 512) chunkSize = chunkSize + chunkSize
  const hashes: Buffer[] = []
  for (let start = 0; start < bytes.length; start += chunkSize) {
    hashes.push(
      createHash('sha256')
        .update(bytes.subarray(start, start + chunkSize))
        .digest(),
    )
  }
  const all = Buffer.concat(hashes)
  return { id: createHash('sha256').update(all).digest('hex'), size: bytes.length, chunkSize, hashes: all }
}
