import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface File {
  readonly body: Buffer | string
  readonly type: string
}

/** A site of plain files on loopback, as a generator writes it. */
export class StaticSite {
  /** Files by path; a function answers by itself. */
  readonly files = new Map<string, File | RequestListener>()
  /** Paths that respond with 410. */
  readonly gone = new Set<string>()
  readonly #server = createServer((request, response) => this.#answer(request, response))
  #deploys = 0
  #origin = ''

  get origin(): string {
    return this.#origin
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** Gives every file another ETag, and none another content. */
  deploy(): void {
    this.#deploys++
  }

  /** Writes a post with a picture of its own, and returns the post's URL. */
  post(name: string): string {
    const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), randomBytes(3000)])
    this.files.set(`/img/${name}.png`, { body: picture, type: 'image/png' })
    const body = `<!doctype html><title>${name}</title><p>Words.</p><img src="/img/${name}.png">`
    this.files.set(`/posts/${name}/`, { body, type: 'text/html; charset=utf-8' })
    return `${this.origin}/posts/${name}/`
  }

  /** Writes an Atom feed of posts with their times of change, and returns its URL. */
  feed(posts: Readonly<Record<string, string>>): string {
    const entries = Object.entries(posts).map(([name, updated]) => {
      const url = `${this.origin}/posts/${name}/`
      return `<entry><id>${url}</id><title>${name}</title><updated>${updated}</updated><link href="${url}"/></entry>`
    })
    const body = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Site</title>${entries.join('')}</feed>`
    this.files.set('/feed.xml', { body, type: 'application/atom+xml' })
    return `${this.origin}/feed.xml`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? ''
    const file = this.files.get(path)
    if (typeof file === 'function') file(request, response)
    else if (file === undefined || this.gone.has(path))
      response.writeHead(this.gone.has(path) ? 410 : 404).end()
    else {
      const hash = createHash('sha256').update(file.body).digest('hex').slice(0, 8)
      const etag = `"${this.#deploys}-${hash}"`
      if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
      else response.writeHead(200, { 'content-type': file.type, etag }).end(file.body)
    }
  }
}
