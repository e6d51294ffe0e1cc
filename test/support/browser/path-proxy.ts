import { once } from 'node:events'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that serves another server under a path, as agencies do with several tools on one host. */
export interface PathProxy {
  /** Without a slash at its end. */
  readonly url: string
  close(): void
}

/** @param path such as `/reports`; requests for other paths get 404 */
export async function startPathProxy(path: string, target: string): Promise<PathProxy> {
  const server = createServer((request, response) => {
    if (!request.url?.startsWith(`${path}/`)) {
      response.writeHead(404).end()
      return
    }
    const { method, headers } = request
    const forwarded = send(target + request.url.slice(path.length), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    forwarded.on('error', (error) => response.destroy(error))
    request.pipe(forwarded)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
