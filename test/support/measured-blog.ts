import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Delivery } from '@peerpress/wire'

/** A blog whose pages embed the SDK in every way there is, on an origin apart from the collector's. */
export interface MeasuredBlog {
  url(path: string): string
  /** Resolves when a browser has asked for that path; throws when none does within 15 s. */
  requested(path: string): Promise<void>
  close(): Promise<void>
}

/** The site that all its pages name. */
export const measuredSite = 'abcdefgh01234567'

const patience = 15_000

/** Starts the blog. `collector` gives the origin that its pages are to send to. */
export async function startMeasuredBlog(sdk: Buffer, collector: () => string): Promise<MeasuredBlog> {
  const asked = new Set<string>()
  const waiting = new Set<() => void>()
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://blog.invalid').pathname
    asked.add(path)
    for (const look of waiting) look()
    if (path === '/rum.js') {
      response.setHeader('Content-Type', 'text/javascript').end(sdk)
    } else if (path === '/violations.js') {
      response.setHeader('Content-Type', 'text/javascript').end(countViolations)
    } else if (path === '/picture.svg') {
      response.setHeader('Content-Type', 'image/svg+xml').end(picture)
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Set-Cookie', 'reader=known')
      if (path === '/strict') response.setHeader('Content-Security-Policy', strictPolicy(collector()))
      response.end(html(path, collector()))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requested: (path) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!asked.has(path)) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve()
        }
        const timer = setTimeout(() => reject(new Error(`nobody asked for ${path}`)), patience)
        waiting.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// Chromium takes a picture of few bytes for a placeholder, which is no largest content.
const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="teal"/><!-- ${'.'.repeat(8000)} --></svg>`

const countViolations = `addEventListener('securitypolicyviolation', (event) => {
  document.documentElement.dataset.violations = event.violatedDirective + ' ' + event.blockedURI
})`

function strictPolicy(collector: string): string {
  return `default-src 'none'; script-src 'self'; connect-src ${collector}; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'`
}

/** What the loader of an assisted page would have put on the window. */
const delivery: Delivery = {
  assets: { complete: 1, failed: 0 },
  bytes: { peer: 1000, seed: 0, mirror: 0, origin: 0, cache: 0 },
  wrongBytes: 0,
  rejectedChunks: 0,
  droppedPeers: 0,
  fallbacks: 0,
  peers: 1,
  uploaded: 0,
}

function html(path: string, collector: string): string {
  const consent = path === '/asking' ? 'required' : 'assumed'
  const config = JSON.stringify({ site: measuredSite, post: '12', server: collector, consent })
  const element = `<script type="application/json" id="peerpress-config">${config}</script>`
  const own = '<script defer src="/rum.js"></script>'
  const snippet = `<script defer src="${collector}/v1/rum.js" data-site="${measuredSite}"></script>`
  const heads: Readonly<Record<string, string>> = {
    '/assisted': `<script>
      peerpress = { config: ${config}, arm: 'assisted', delivery: () => (${JSON.stringify(delivery)}) }
    </script>${own}`,
    '/snippet': snippet,
    '/twice': element + own + snippet,
    '/nothing': own,
    '/ahead':
      '<script type="speculationrules">{"prerender":[{"urls":["/prerendered"],"eagerness":"immediate"}]}</script>',
    '/prerendered': `${element}${own}<script>
      addEventListener('load', () => setTimeout(() => fetch('/loaded-ahead')))
      document.addEventListener('prerenderingchange', () => fetch('/activated'))
    </script>`,
    '/picture': `${element}${own}<script>
      addEventListener('load', () => {
        // Without a listener the browser dispatches nothing and names no target.
        for (const type of ['pointerdown', 'pointerup', 'click']) addEventListener(type, () => {})
        const banner = document.createElement('div')
        banner.style.height = '150px'
        requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('main').before(banner)))
      })
    </script>`,
    '/strict': `<script src="/violations.js"></script>${element}${own}`,
  }
  const main =
    path === '/picture'
      ? '<main><img id="hero" src="/picture.svg?reader=7" width="600" height="400"></main>'
      : ''
  const style = path === '/strict' ? '' : '<style>div { height: 5000px }</style>'
  const body =
    '<h1>A post</h1><button>Read on</button> <a href="/prerendered">next</a><div></div><p>The end</p>'
  return `<!doctype html><html lang="en"><head><title>${path}</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">${style}${heads[path] ?? element + own}</head><body>${main}${path === '/empty' ? '' : body}</body></html>`
}
