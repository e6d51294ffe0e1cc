import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { noisePng } from './noise-png.ts'

/** A web site whose pages have pictures. */
export interface PublishedOrigin {
  readonly url: string
  /** Requests so far, by path. */
  readonly requests: Map<string, number>
  /** What it answers pages with that it has; 200 by default. */
  status: number
  /** A picture of this path is answered by this alone. */
  onPicture: Map<string, (response: ServerResponse, bytes: Buffer) => void>
  close(): Promise<void>
}

/** Starts a site: `/post/NAME/` is a page with the pictures `/NAME-0.png` and `/NAME-1.png`. */
export async function startPublishedOrigin(): Promise<PublishedOrigin> {
  const requests = new Map<string, number>()
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    requests.set(path, (requests.get(path) ?? 0) + 1)
    const [, page] = /^\/post\/([\w-]+)\/$/.exec(path) ?? []
    const [, picture] = /^\/([\w-]+)\.png$/.exec(path) ?? []
    if (page !== undefined && origin.status !== 200) response.writeHead(origin.status).end()
    else if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(
        `<html><body><p>${page}</p><img src="/${page}-0.png"><img src="/${page}-1.png"></body></html>`,
      )
    } else if (picture !== undefined) {
      const bytes = noisePng(picture, 200)
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length })
      const answer = origin.onPicture.get(path)
      if (answer === undefined) response.end(bytes)
      else answer(response, bytes)
    } else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin: PublishedOrigin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    status: 200,
    onPicture: new Map(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return origin
}
