import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { repositoryDirectory } from '@peerpress/cli'
import {
  type BrowserProbeLimits,
  browserProbeLimits,
  privateOrigins,
  probeInBrowser,
  type ProbeResult,
} from '@peerpress/watch'
import { generate } from 'selfsigned'
import { browserIsGone, probeBrowserOf, probeProcesses } from '../support/browser/probe-processes.ts'
import { type SmallSite, startSmallSite } from '../support/browser/small-site.ts'
import { type ProbedOrigin, type ProbedPage, startProbedOrigin } from '../support/browser/probed-origin.ts'

const executable = '/usr/bin/chromium'
const origins: ProbedOrigin[] = []
after(async () => {
  for (const origin of origins) await origin.close()
})

async function start(pages: Readonly<Record<string, ProbedPage>>): Promise<ProbedOrigin> {
  const origin = await startProbedOrigin(pages)
  origins.push(origin)
  return origin
}

interface Given {
  readonly limits?: Partial<BrowserProbeLimits>
  readonly signal?: AbortSignal
  readonly executable?: string
}

/** Probes a page of an origin that may be private, as the only one. */
function probe(
  { origin }: ProbedOrigin,
  given: Given & { readonly path?: string } = {},
): Promise<ProbeResult> {
  return probeInBrowser(new URL(given.path ?? '/', origin), {
    executable: given.executable ?? executable,
    policy: { mayBePrivate: privateOrigins([origin]), resolveAll: lookup },
    signal: given.signal ?? new AbortController().signal,
    limits: { ...browserProbeLimits, ...given.limits },
  })
}

/** Never ends a response. */
const silent = (_request: unknown, _response: ServerResponse) => {}

describe('a browser probe', () => {
  test('loads a page with all that it needs, and reports each request', async () => {
    const origin = await start({ '/': '<img src=a.png><img src=b.png>', '/a.png': 'a', '/b.png': 'b' })
    // Browsers request an icon at some time after the page.
    const isIcon = ({ url }: { readonly url: string }) => url.endsWith('/favicon.ico')
    const result = await probe(origin)
    assert.equal(result.failure, null)
    assert.equal(result.status, 200)
    assert.equal(result.worker, 'absent')
    assert.deepEqual(
      result.requests
        .filter((each) => !isIcon(each))
        .map(({ url, status, from, error }) => [new URL(url).pathname, status, from, error]),
      [
        ['/', 200, 'network', null],
        ['/a.png', 200, 'network', null],
        ['/b.png', 200, 'network', null],
      ],
    )
    assert.ok((result.phases.firstByte ?? -1) >= 0)
    assert.ok(result.durationMs > 0)
  })

  test('runs in the sandbox, not as root, without this process’s environment', async () => {
    process.env['PROBE_TEST_SECRET'] = 'secret'
    let running: ReturnType<typeof probeProcesses> = []
    const origin = await start({
      '/': (_request, response) => {
        running = probeProcesses(probeBrowserOf(process.pid))
        response.end('<p>a page')
      },
    })
    assert.equal((await probe(origin)).failure, null)
    assert.ok(running.length > 3)
    for (const { user, arguments: given } of running) {
      assert.notEqual(user, 0)
      assert.ok(!given.includes('--no-sandbox') && !given.some((each) => each.includes('secret')))
    }
  })

  test('counts as a bot for the measurements of a site', async () => {
    let agent = ''
    const origin = await start({
      '/': '<script>fetch("/webdriver/" + navigator.webdriver)</script>',
      '/webdriver/true': ({ headers }, response) => {
        agent = headers['user-agent'] ?? ''
        response.end()
      },
    })
    await probe(origin)
    assert.match(agent, /HeadlessChrome.* PeerPress$/)
  })

  test('resolves no name that the page does not need', async () => {
    const origin = await start({ '/': 'a page' })
    const names: string[] = []
    const { failure } = await probeInBrowser(new URL(origin.origin), {
      executable,
      policy: {
        mayBePrivate: privateOrigins([origin.origin]),
        resolveAll: (name, options, callback) => {
          names.push(name)
          lookup(name, options, callback)
        },
      },
      signal: new AbortController().signal,
    })
    assert.equal(failure, null)
    assert.deepEqual(names, [])
    assert.deepEqual(
      origin.requests.filter((path) => path !== '/favicon.ico'),
      ['/'],
    )
  })

  test('gets no ticket, so no reader is introduced to it', async () => {
    const origin = await start({
      '/': '<script>fetch("/v1/ticket?site=x").catch(() => fetch("/done"))</script><img src=wait>',
      '/v1/ticket?site=x': '{}',
      '/wait': (_request, response) => {
        origin.requested('/done').then(
          () => response.end(),
          () => {},
        )
      },
    })
    const { failure, requests } = await probe(origin)
    assert.equal(failure, null)
    assert.ok(!origin.requests.includes('/v1/ticket?site=x'))
    assert.equal(requests.find(({ url }) => url.endsWith('/v1/ticket?site=x'))?.error, 'blocked')
  })

  test('is not held by dialogs, windows and downloads', async () => {
    const script = 'alert(1); confirm(2); open("/other"); onbeforeunload = () => 1; location = "/file"'
    const origin = await start({
      '/': `<script>${script}</script>`,
      '/file': (_request, response) => {
        response.setHeader('Content-Disposition', 'attachment').end('x'.repeat(1000))
      },
    })
    const { failure } = await probe(origin)
    assert.equal(failure, null)
  })
})

test('a browser probe of a page that leads elsewhere after it has loaded succeeds', async () => {
  const origin = await start({
    '/': '<script>onload = () => { location = "/other" }</script>',
    '/other': 'other',
  })
  const { failure, status } = await probe(origin)
  assert.equal(failure, null)
  assert.equal(status, 200)
})

describe('a browser probe fails with its own reason', () => {
  const failsWith = async (
    code: string,
    origin: ProbedOrigin,
    given: Given & { readonly path?: string } = {},
  ) => {
    const result = await probe(origin, given)
    assert.equal(result.failure?.code, code, JSON.stringify(result.failure))
    return result
  }

  test('on a page that never ends loading', async () => {
    const origin = await start({ '/': '<img src=silent.png>', '/silent.png': silent })
    const { failure, requests } = await failsWith('not-loaded', origin, { limits: { loadTimeout: 1000 } })
    assert.match(failure?.message ?? '', /silent\.png/)
    assert.equal(requests[1]?.error, 'pending')
  })

  test('on a script that never ends', async () => {
    const origin = await start({ '/': '<script>for (;;);</script>' })
    await failsWith('not-loaded', origin, { limits: { loadTimeout: 1000 } })
  })

  test('on a script that never ends after the page has loaded', async () => {
    const origin = await start({ '/': '<script>onload = () => setTimeout(() => { for (;;); })</script>' })
    const { failure, status } = await failsWith('not-loaded', origin, { limits: { workerTimeout: 100 } })
    assert.match(failure?.message ?? '', /kept the browser busy/)
    assert.equal(status, 200)
  })

  test('on an endless response, after a limited number of bytes', async () => {
    const origin = await start({
      '/': (_request, response) => {
        const more = () => {
          while (response.write(`<p>${'x'.repeat(16_384)}`));
        }
        response.setHeader('Content-Type', 'text/html').on('drain', more)
        more()
      },
    })
    await failsWith('too-large', origin, { limits: { maxBytes: 2 * 1024 ** 2 } })
  })

  test('on a page that fills the memory', { timeout: 60_000 }, async () => {
    const script = 'const all = []; setInterval(() => all.push(new Uint8Array(2e7).fill(1)), 10)'
    const origin = await start({
      '/': `<img src=silent.png><script>${script}</script>`,
      '/silent.png': silent,
    })
    await failsWith('too-large', origin, { limits: { maxMemory: 1.6 * 1024 ** 3 } })
  })

  test('on an error of the server, a silent one, and none at all', async () => {
    const origin = await start({
      '/': (_request, response) => response.writeHead(500).end(),
      '/silent': silent,
    })
    assert.equal((await failsWith('bad-status', origin)).status, 500)
    await failsWith('no-answer', origin, { path: '/silent', limits: { loadTimeout: 500 } })
    await origin.close()
    assert.equal((await failsWith('connection-refused', origin)).status, null)
  })

  test('on a certificate that browsers do not trust', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      algorithm: 'sha256',
    })
    const server = createSecureServer({ cert, key }, (_request, response) => response.end('secure'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const result = await probeInBrowser(new URL(`https://127.0.0.1:${port}/`), {
      executable,
      policy: { mayBePrivate: () => true, resolveAll: lookup },
      signal: new AbortController().signal,
    })
    assert.equal(result.failure?.code, 'bad-certificate')
    assert.equal(result.status, null)
    server.close()
    server.closeAllConnections()
  })

  test('on redirects without end', async () => {
    const origin = await start({
      '/': (_request, response) => response.writeHead(302, { Location: '/' }).end(),
    })
    await failsWith('redirect-loop', origin)
  })
})

describe('a browser probe cannot reach private addresses', () => {
  test('by a redirect', async () => {
    const inside = await start({ '/': 'secret' })
    const origin = await start({
      '/': (_request, response) => response.writeHead(302, { Location: inside.origin }).end(),
    })
    const { failure, status } = await probe(origin)
    assert.equal(failure?.code, 'private-address')
    assert.equal(status, null)
    assert.deepEqual(inside.requests, [])
  })

  test('by what a page loads, fetches or opens a WebSocket to', async () => {
    const inside = await start({ '/': 'secret' })
    const { host } = new URL(inside.origin)
    const script = `
      const tries = [
        fetch('${inside.origin}/fetch', { mode: 'no-cors' }).then((answer) => answer.type, () => 'refused'),
        new Promise((resolve) => {
          const socket = new WebSocket('ws://${host}/socket')
          socket.onerror = socket.onclose = () => resolve('refused')
        }),
      ]
      Promise.all(tries).then(() => fetch('/done'))`
    const origin = await start({
      '/': `<img src="${inside.origin}/image"><iframe src="${inside.origin}/frame"></iframe><script>${script}</script><img src=wait>`,
      '/wait': (_request, response) => {
        origin.requested('/done').then(
          () => response.end(),
          () => {},
        )
      },
    })
    assert.equal((await probe(origin)).failure, null)
    assert.deepEqual(inside.requests, [])
    assert.ok(origin.requests.includes('/done'))
  })

  test('by WebRTC, which would go around the proxy', async () => {
    const datagrams: Buffer[] = []
    const socket = createSocket('udp4', (message) => datagrams.push(message))
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const script = `
      const connection = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:${socket.address().port}' }] })
      connection.createDataChannel('x')
      let candidates = 0
      connection.onicecandidate = ({ candidate }) => {
        if (candidate !== null) candidates++
        else fetch('/candidates/' + candidates)
      }
      connection.createOffer().then((offer) => connection.setLocalDescription(offer))`
    const origin = await start({
      '/': `<script>${script}</script><img src=wait>`,
      '/wait': (_request, response) => {
        origin.requested('/candidates/0').then(
          () => response.end(),
          () => {},
        )
      },
    })
    assert.equal((await probe(origin)).failure, null)
    assert.ok(origin.requests.includes('/candidates/0'))
    assert.deepEqual(datagrams, [])
    socket.close()
  })
})

describe('a browser probe of a page with PeerPress’s worker', () => {
  let small: SmallSite
  before(async () => {
    small = await startSmallSite([], '<p>a post')
  })
  after(() => small.close())
  const probeSmall = (workerTimeout?: number) =>
    probeInBrowser(new URL(small.url), {
      executable,
      policy: {
        mayBePrivate: privateOrigins([new URL(small.url).origin, small.serverUrl]),
        resolveAll: lookup,
      },
      signal: new AbortController().signal,
      limits: {
        ...browserProbeLimits,
        ...(workerTimeout !== undefined && { workerTimeout }),
        loadTimeout: 5000,
      },
    })
  const serveWorker = (script: string | null) => {
    small.intercept = (request, response) => {
      if (request.url !== '/worker.js' || script === null) return false
      response
        .setHeader('Content-Type', 'text/javascript')
        .setHeader('Service-Worker-Allowed', '/')
        .end(script)
      return true
    }
  }

  test('loads it a second time with the worker, also if most readers are in the control arm', async () => {
    small.config = { control: 1 }
    const { failure, worker, requests } = await probeSmall()
    assert.equal(failure, null)
    assert.equal(worker, 'loaded')
    assert.equal(requests.filter(({ url }) => url === small.url).length, 2)
  })

  test('takes no part where readers must agree first', async () => {
    small.config = { consent: 'required' }
    const { failure, worker } = await probeSmall()
    assert.equal(failure, null)
    assert.equal(worker, 'absent')
    small.config = {}
  })

  test('sees a worker that breaks the page', async () => {
    const script = `
      addEventListener('install', () => skipWaiting())
      addEventListener('activate', (event) => event.waitUntil(clients.claim()))
      addEventListener('fetch', (event) => {
        if (event.request.mode === 'navigate') event.respondWith(Response.error())
      })`
    serveWorker(script)
    const { failure, worker, status } = await probeSmall()
    assert.equal(failure?.code, 'worker-failed')
    assert.match(failure.message, /loads without PeerPress's worker and fails with it/)
    assert.equal(worker, 'failed')
    assert.equal(status, 200)
  })

  test('sees a worker that never answers', async () => {
    const script = `
      addEventListener('install', () => skipWaiting())
      addEventListener('activate', (event) => event.waitUntil(clients.claim()))
      addEventListener('fetch', (event) => event.respondWith(new Promise(() => {})))`
    serveWorker(script)
    assert.equal((await probeSmall()).failure?.code, 'worker-failed')
  })

  test('sees a worker whose script is broken', async () => {
    serveWorker('this is no script')
    const { failure, worker } = await probeSmall(1000)
    assert.equal(failure?.code, 'worker-failed')
    assert.match(failure.message, /did not start/)
    assert.equal(worker, 'failed')
  })
})

describe('a browser probe without a result', () => {
  /** Returns the folder of a running browser's profile. */
  const profileOf = (browser: number): string => {
    // Chromium joins its arguments by spaces.
    const words = readFileSync(`/proc/${browser}/cmdline`, 'utf8')
    return /--user-data-dir=([^\0 ]+)/.exec(words)?.[1] ?? assert.fail(words)
  }

  test('leaves nothing after kill -9 of the browser', async () => {
    let profile = ''
    const killed = Promise.withResolvers<number>()
    const origin = await start({
      '/': () => {
        const browser = probeBrowserOf(process.pid)
        profile = profileOf(browser)
        process.kill(browser, 'SIGKILL')
        killed.resolve(browser)
      },
    })
    await assert.rejects(probe(origin), { name: 'BrowserError', code: 'browser-ended' })
    await browserIsGone(await killed.promise)
    assert.ok(profile !== '' && !existsSync(profile), profile)
  })

  test('ends its browser when this process is killed', async () => {
    const origin = await start({ '/': silent })
    const command = fileURLToPath(new URL('packages/cli/src/main.ts', repositoryDirectory))
    const child = spawn(process.execPath, [command, 'probe', origin.origin, '--private'], { stdio: 'ignore' })
    await origin.requested('/')
    const browser = probeBrowserOf(child.pid as number)
    child.kill('SIGKILL')
    await browserIsGone(browser)
  })

  test('leaves nothing when it is stopped', async () => {
    const stop = new AbortController()
    let browser = 0
    let profile = ''
    const origin = await start({
      '/': () => {
        browser = probeBrowserOf(process.pid)
        profile = profileOf(browser)
        stop.abort(new Error('the server stops'))
      },
    })
    await assert.rejects(probe(origin, { signal: stop.signal }), /the server stops/)
    await browserIsGone(browser)
    assert.ok(profile !== '' && !existsSync(profile), profile)
  })

  test('ends its browser when the browser does not respond in time', async () => {
    const origin = await start({ '/': silent })
    await assert.rejects(probe(origin, { limits: { timeout: 1500 } }), { code: 'browser-ended' })
  })

  test('says what to do when there is no Chromium, and when it has no sandbox', async () => {
    const origin = await start({ '/': 'a page' })
    const missing = { name: 'BrowserError', code: 'unavailable' }
    await assert.rejects(probe(origin, { executable: '/nowhere/chromium' }), missing)
    const directory = await mkdtemp(join(tmpdir(), 'no-sandbox-'))
    const script = join(directory, 'chromium')
    const words = '[1:1:FATAL:zygote_host_impl_linux.cc(128)] No usable sandbox! If you are running on Ubuntu'
    await writeFile(script, `#!/bin/sh\necho '${words}' >&2\nexit 1\n`)
    await chmod(script, 0o755)
    await chmod(directory, 0o755)
    await assert.rejects(probe(origin, { executable: script }), {
      ...missing,
      message: /sandbox.*chromium-sandbox/,
    })
    await rm(directory, { recursive: true })
    assert.deepEqual(origin.requests, [])
  })
})
