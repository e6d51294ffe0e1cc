import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { answering } from './answering.ts'

/** A plain host of static files. */
export interface StaticHost {
  /** URL of its root. */
  readonly url: string
  /** Requests so far, by path. */
  readonly requests: Map<string, number>
  /** Media types of files that get another one than by their names, by path. */
  readonly types: Map<string, string>
  /** Paths that are answered with 410. */
  readonly gone: Set<string>
  /** Ends all entity tags. A deploy changes it. */
  deploys: number
  close(): Promise<void>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.xml': 'application/xml',
}

/** Serves the files of a folder under a host name that leads to this machine, on a free port unless it is given. */
export async function startStaticHost(directory: string, name = '127.0.0.1', port = 0): Promise<StaticHost> {
  const requests = new Map<string, number>()
  const server = createServer(
    answering(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host')
      requests.set(pathname, (requests.get(pathname) ?? 0) + 1)
      const path = normalize(decodeURIComponent(pathname))
      const file = path.endsWith('/') ? `${path}index.html` : path
      const body = await readFile(join(directory, file)).catch(() => null)
      if (host.gone.has(pathname)) response.writeHead(410).end()
      else if (body === null) response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found')
      else {
        response.writeHead(200, {
          'content-type': host.types.get(pathname) ?? types[extname(file)] ?? 'application/octet-stream',
          'content-length': body.length,
          'cache-control': 'no-cache',
          etag: `"${body.length}-${host.deploys}"`,
          'last-modified': new Date(host.deploys * 1000).toUTCString(),
        })
        response.end(body)
      }
    }),
  )
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const host: StaticHost = {
    url: `http://${name}:${(server.address() as AddressInfo).port}/`,
    requests,
    types: new Map(),
    gone: new Set(),
    deploys: 0,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return host
}
