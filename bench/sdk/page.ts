import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sdk } from './sdks.ts'

/** A server of one page, with any of the SDKs, that takes all that they send. */
export interface PageServer {
  /** The page with that SDK. */
  readonly url: (sdk: Sdk) => string
  /** Requests that came from SDKs so far. */
  readonly sent: () => number
  readonly close: () => Promise<void>
}

/** The SDK of every page has this path. */
export const sdkPath = '/sdk.js'

/** Starts it on loopback. */
export async function startPageServer(sdks: readonly Sdk[]): Promise<PageServer> {
  const codes = new Map(sdks.map(({ name, code }) => [name, code]))
  let sent = 0
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page.invalid')
    const name = searchParams.get('sdk') ?? ''
    if (/^\/(collect|v1\/beacon)/.test(pathname)) {
      sent++
      request.resume()
      response.writeHead(204).end()
    } else if (pathname === sdkPath) {
      response.setHeader('Content-Type', 'text/javascript').end(codes.get(name) ?? '')
    } else if (pathname === '/picture.svg') {
      response.setHeader('Content-Type', 'image/svg+xml').end(picture)
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html(name))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: ({ name }) => `http://127.0.0.1:${port}/?sdk=${encodeURIComponent(name)}`,
    sent: () => sent,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const paragraphs = 40

const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="300"><rect width="600" height="300" fill="teal"/><!-- ${'.'.repeat(8000)} --></svg>`

/** A post: a picture at the top, text, more pictures, and a button that changes what is below it. */
function html(sdk: string): string {
  // What only our own reads of it, the others leave alone.
  const script = `<script defer src="${sdkPath}?sdk=${encodeURIComponent(sdk)}" data-site="abcdefgh01234567" data-consent="assumed"></script>`
  const text = Array.from(
    { length: paragraphs },
    (_, i) =>
      `<p>${'Readers read what writers write. '.repeat(8)}</p>${i % 4 === 0 ? `<img src="/picture.svg?${i}" width="600" height="300">` : ''}`,
  )
  return `<!doctype html><html lang="en"><head><title>A post</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">${script}</head><body><h1>A post</h1><img src="/picture.svg" width="600" height="300">
<button>More</button><ul></ul>${text.join('\n')}<script>
  document.querySelector('button').addEventListener('click', () => {
    document.querySelector('ul').append(document.createElement('li'))
  })
</script></body></html>`
}
