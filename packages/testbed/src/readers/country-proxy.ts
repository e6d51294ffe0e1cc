import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** A proxy between one reader and the server, such as an edge proxy in the reader's country. */
export interface CountryProxy {
  /** Address of the proxy, for the browser. */
  readonly url: string
  close(): Promise<void>
}

/**
 * An HTTP proxy that adds `X-Forwarded-For: address` to every request, WebSocket handshakes included, so that the
 * server places the reader in the country of `address`.
 */
export async function startCountryProxy(address: string): Promise<CountryProxy> {
  const sockets = new Set<Socket>()
  const track = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    return socket
  }
  const server = createServer((request, response) => {
    try {
      forward(request, response, address)
    } catch {
      // The request's target is no address.
      response.destroy()
    }
  })
  server.on('connection', track)
  server.on('connect', (request, client: Socket, head) => {
    try {
      tunnel({ request, client, head, address, track })
    } catch {
      client.destroy()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function forward(request: IncomingMessage, response: ServerResponse, address: string): void {
  const headers = { ...request.headers, 'x-forwarded-for': address }
  const outgoing = httpRequest(request.url as string, { method: request.method, headers }, (incoming) => {
    response.writeHead(incoming.statusCode as number, incoming.headers)
    incoming.pipe(response)
  })
  outgoing.on('error', () => response.destroy())
  response.on('close', () => outgoing.destroy())
  request.pipe(outgoing)
}

/** Forwards a tunnel of a WebSocket. Its handshake is the first request in it and gets the header, too. */
function tunnel(options: {
  readonly request: IncomingMessage
  readonly client: Socket
  readonly head: Buffer
  readonly address: string
  readonly track: (socket: Socket) => Socket
}): void {
  const { request, client, head, address, track } = options
  const [host, port] = (request.url as string).split(':')
  const upstream = track(connect(Number(port), host as string))
  client.on('close', () => upstream.destroy())
  upstream.on('close', () => client.destroy())
  let handshake = head
  const onData = (part: Buffer) => {
    handshake = Buffer.concat([handshake, part])
    const end = handshake.indexOf('\r\n\r\n')
    if (end === -1) return
    client.off('data', onData)
    upstream.write(`${handshake.subarray(0, end).toString('latin1')}\r\nX-Forwarded-For: ${address}`)
    upstream.write(handshake.subarray(end))
    client.pipe(upstream)
    upstream.pipe(client)
  }
  client.on('data', onData)
  upstream.on('connect', () => client.write('HTTP/1.1 200 Connection Established\r\n\r\n'))
}
