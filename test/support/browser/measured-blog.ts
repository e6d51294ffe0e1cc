import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Delivery } from '@peerpress/wire'
import { answering } from '../server/answering.ts'

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
/** web-vitals' own bundle, with attribution. */
const webVitals = readFileSync(
  new URL('../../../node_modules/web-vitals/dist/web-vitals.attribution.iife.js', import.meta.url),
)

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
    } else if (path === '/web-vitals.js') {
      response.setHeader('Content-Type', 'text/javascript').end(webVitals)
    } else if (path === '/sound.wav') {
      answering(() => sendSound(request, response, () => requested('/go-on')))(request, response)
    } else if (path.startsWith('/missing')) {
      response.writeHead(404).end()
    } else if (path.endsWith('.svg')) {
      if (path === '/kept.svg') response.setHeader('Cache-Control', 'max-age=600')
      if (path === '/told.svg') response.setHeader('Timing-Allow-Origin', '*')
      response.setHeader('Content-Type', 'image/svg+xml').end(picture)
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').setHeader('Set-Cookie', 'reader=known')
      if (path === '/strict') response.setHeader('Content-Security-Policy', strictPolicy(collector()))
      response.end(html(path, { collector: collector(), host: request.headers.host ?? '' }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const requested = (path: string): Promise<void> =>
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
    })
  return {
    url: (path) => `http://127.0.0.1:${port}${path}`,
    requested,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** 3 s of silence: 44,100 samples a second, two channels, 16 bits. https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE */
const bytesPerSecond = 44_100 * 2 * 2
const sound = Buffer.alloc(44 + 3 * bytesPerSecond)
sound.write('RIFF', 0)
sound.writeUInt32LE(sound.length - 8, 4)
sound.write('WAVEfmt ', 8)
for (const [at, value] of [
  [16, 16],
  [24, 44_100],
  [28, bytesPerSecond],
  [40, sound.length - 44],
] as const)
  sound.writeUInt32LE(value, at)
for (const [at, value] of [
  [20, 1],
  [22, 2],
  [32, 4],
  [34, 16],
] as const)
  sound.writeUInt16LE(value, at)
sound.write('data', 36)
/** Of this much nobody has to wait. */
const ready = 44 + 2 * bytesPerSecond

/** Sends what is asked of the sound; its third second only when the reader may go on. */
async function sendSound(
  { headers }: IncomingMessage,
  response: ServerResponse,
  mayGoOn: () => Promise<void>,
): Promise<void> {
  const start = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0)
  response.writeHead(206, {
    'Content-Type': 'audio/wav',
    'Accept-Ranges': 'bytes',
    'Content-Range': `bytes ${start}-${sound.length - 1}/${sound.length}`,
    'Content-Length': sound.length - start,
  })
  response.write(sound.subarray(start, Math.max(start, ready)))
  // Of a test that ends before, nobody asks.
  await mayGoOn().catch(() => {})
  response.end(sound.subarray(Math.max(start, ready)))
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

/** Where a page and its collector are. */
interface Whereabouts {
  readonly collector: string
  readonly host: string
}

function html(path: string, { collector, host }: Whereabouts): string {
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
    '/post': `${element}${own}<script>
      // An interaction of less than 8 ms has an INP of 0.
      addEventListener('click', () => { for (const end = Date.now() + 50; Date.now() < end; ); })
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
    '/compared': `${element}${own}<script src="/web-vitals.js"></script><script>
      // What web-vitals itself tells of the same page, to the last change.
      told = {}
      for (const name of ['LCP', 'CLS', 'INP', 'FCP', 'TTFB']) {
        webVitals['on' + name]((metric) => (told[name] = metric), { reportAllChanges: true })
      }
      const busy = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); }
      // Not the interaction itself, but in its frame; so long that the frame of the click, which a slow
      // machine draws apart, is not the slower one.
      addEventListener('mousedown', () => busy(300))
      addEventListener('click', () => {})
      addEventListener('load', () => {
        const banner = document.createElement('div')
        banner.style.height = '150px'
        requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('main').before(banner)))
      })
    </script>`,
    '/app': `${element}${own}<script>
      addEventListener('load', () => {
        document.querySelector('button').addEventListener('click', () => {
          history.pushState(null, '', '/app/chapter?draft=secret')
          document.querySelector('h1').textContent = 'Another chapter, and a longer one than before. '.repeat(20)
        })
      })
    </script>`,
    '/broken': `${element}<script src="/missing.js?token=1"></script>${own}<script>
      const fail = () => { throw new TypeError('no reader@example.com at /x?token=1') }
      addEventListener('load', () => {
        setTimeout(fail)
        setTimeout(fail)
        Promise.reject(new RangeError('too far'))
        const picture = new Image()
        picture.onerror = () => fetch('/has-failed')
        picture.src = '/missing.png?reader=7'
        document.body.append(picture)
        const busy = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); }
        setTimeout(() => requestAnimationFrame(() => busy(120)))
      })
    </script>`,
    '/gallery': `${element}${own}<script>
      // The same server by another name is another origin.
      const elsewhere = 'http://${host.replace('127.0.0.1', 'localhost')}'
      addEventListener('load', async () => {
        const load = (src) => new Promise((done) => {
          const picture = document.body.appendChild(new Image())
          picture.onload = picture.onerror = done
          picture.src = src
        })
        for (const src of ['/kept.svg', '/missing.png', elsewhere + '/hidden.svg', elsewhere + '/told.svg']) await load(src)
        fetch('/has-loaded')
      })
    </script>`,
    '/player': `${element}${own}<script>
      addEventListener('load', () => {
        const player = document.body.appendChild(new Audio('/sound.wav'))
        player.id = 'player'
        told = []
        for (const type of ['playing', 'waiting', 'timeupdate', 'pause']) {
          player.addEventListener(type, ({ timeStamp }) => told.push({ type, timeStamp, moves: !player.paused && player.readyState > 2 }))
        }
        document.querySelector('button').addEventListener('click', () => player.play())
      })
    </script>`,
    '/links': `${element}${own}<script>
      addEventListener('click', (event) => event.preventDefault())
    </script>`,
    '/scrubbed': `${element}<script>
      peerpressRum = { beforeSend: (report) => ({ ...report, url: location.origin + '/scrubbed-away' }) }
    </script>${own}`,
    '/refusing': `${element}<script>peerpressRum = { beforeSend: () => null }</script>${own}`,
    '/throwing': `${element}<script>peerpressRum = { beforeSend() { throw new Error('of the page') } }</script>${own}`,
    '/routes': snippet.replace('data-site', 'data-hash-routes data-site'),
    '/percent': snippet.replace('data-site', 'data-sampling="50%" data-site'),
    '/too-many': snippet.replace('data-site', 'data-sampling="150" data-site'),
    '/spaced': snippet.replace(measuredSite, ` ${measuredSite} `),
    '/module': snippet.replace('defer', 'type="module"'),
    '/agreeing': snippet.replace('data-site', 'data-consent="yes" data-site'),
    '/sampled-out': snippet.replace('data-site', 'data-sampling="0" data-site'),
    '/half': `<script type="application/json" id="peerpress-config">${JSON.stringify({ ...JSON.parse(config), sampling: 0.5 })}</script>${own}`,
    '/strict': `<script src="/violations.js"></script>${element}${own}`,
  }
  const main =
    path === '/picture' || path === '/compared'
      ? '<main><img id="hero" src="/picture.svg?reader=7" width="600" height="400"></main>'
      : ''
  const style = path === '/strict' ? '' : '<style>div { height: 5000px }</style>'
  const links =
    '<a id="out" href="https://elsewhere.example/page">out</a> <a id="file" href="/report.PDF?v=1">file</a>'
  const body = `<h1>A post</h1><button>Read on</button> <a href="/prerendered">next</a> ${links}<div></div><p>The end</p>`
  return `<!doctype html><html lang="en"><head><title>${path}</title><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">${style}${heads[path] ?? element + own}</head><body>${main}${path === '/empty' ? '' : body}</body></html>`
}
