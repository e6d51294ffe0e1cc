import assert from 'node:assert/strict'
import { once } from 'node:events'
import { lookup } from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { after, describe, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { type AddressPolicy, privateOrigins } from '../address-policy.ts'
import type { ProbeFailureCode } from '../probe-failure.ts'
import type { ProbeResult } from '../probe-result.ts'
import { testCertificate } from './certificates.testing.ts'
import { type HttpProbeLimits, httpProbeLimits } from './http-limits.ts'
import { probeHttp } from './probe-http.ts'

const servers: { close(): unknown }[] = []
after(() => {
  for (const server of servers) server.close()
})

async function listen(server: Server | TcpServer): Promise<number> {
  servers.push({
    close: () => {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    },
  })
  server.listen(0, 'localhost')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const serve = async (answer: RequestListener) => `http://localhost:${await listen(createServer(answer))}/`

/** A server that sends these bytes to every connection, whatever it requests. */
async function serveRaw(bytes: string, end: boolean): Promise<string> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {})
    servers.push({ close: () => socket.destroy() })
    socket.once('data', () => {
      socket.write(bytes)
      if (end) socket.end()
    })
  })
  return `http://localhost:${await listen(server)}/`
}

const open: AddressPolicy = { mayBePrivate: () => true, resolveAll: lookup }
const running = new AbortController().signal

interface Given {
  readonly policy?: AddressPolicy
  readonly limits?: Partial<HttpProbeLimits>
}

function probe(url: string, { policy = open, limits = {} }: Given = {}): Promise<ProbeResult> {
  return probeHttp(new URL(url), { policy, signal: running, limits: { ...httpProbeLimits, ...limits } })
}

async function failsWith(code: ProbeFailureCode, url: string, given?: Given): Promise<ProbeResult> {
  const result = await probe(url, given)
  assert.equal(result.failure?.code, code, JSON.stringify(result.failure))
  assert.match(result.failure.message, /\.$/)
  assert.ok(result.failure.message.length < 500)
  return result
}

describe('an HTTP probe of a page that works', () => {
  test('measures each phase and counts the bytes', async () => {
    const url = await serve((_request, response) => response.end('<p>a page</p>'))
    const result = await probe(url)
    assert.equal(result.failure, null)
    assert.equal(result.status, 200)
    const { dns, connect, firstByte, download, tls } = result.phases
    for (const phase of [dns, connect, firstByte, download]) assert.ok(phase !== null && phase >= 0)
    assert.equal(tls, null)
    assert.equal(result.tls, null)
    assert.equal(result.requests[0]?.bytes, 13)
  })

  test('follows redirects and reports each request', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/') response.writeHead(301, { Location: '/home#top' }).end()
      else response.end('home')
    })
    const { failure, requests } = await probe(url)
    assert.equal(failure, null)
    assert.deepEqual(
      requests.map(({ url: each, status }) => [new URL(each).pathname, status]),
      [
        ['/', 301],
        ['/home', 200],
      ],
    )
  })

  test('sends no cookie and names itself', async () => {
    const url = await serve(({ headers, url: path }, response) => {
      response.setHeader('Set-Cookie', 'reader=known')
      if (path === '/') response.writeHead(302, { Location: '/next' }).end()
      else
        response
          .writeHead(headers.cookie === undefined && headers['user-agent'] === 'PeerPress' ? 200 : 500)
          .end()
    })
    assert.equal((await probe(url)).failure, null)
  })

  test('over TLS reports the protocol and when the certificate expires', async () => {
    const certificate = await testCertificate('localhost', { validFor: 20 })
    trust(certificate.cert)
    const port = await listen(createSecureServer(certificate, (_request, response) => response.end('secure')))
    const { failure, phases, tls } = await probe(`https://localhost:${port}/`)
    assert.equal(failure, null)
    assert.ok(phases.tls !== null)
    assert.equal(tls?.protocol, 'TLSv1.3')
    const days = ((tls.expiresAt as Date).getTime() - Date.now()) / 86_400_000
    assert.ok(days > 19 && days < 21)
  })
})

describe('an HTTP probe fails with its own reason', () => {
  test('on a status of an error', async () => {
    const url = await serve((_request, response) => response.writeHead(503).end())
    const { status } = await failsWith('bad-status', url)
    assert.equal(status, 503)
  })

  test('on a firewall’s challenge', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(403, { 'cf-mitigated': 'challenge' }).end()
    })
    await failsWith('challenged', url)
  })

  test('on an endless page, after a limited number of bytes', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    const { requests } = await failsWith('too-large', url, { limits: { maxBody: 1024 ** 2 } })
    assert.ok((requests[0]?.bytes ?? 0) < 2 * 1024 ** 2)
  })

  test('on a page that drips', async () => {
    const url = await serve((_request, response) => {
      const timer = setInterval(() => response.write('.'), 5)
      response.on('close', () => clearInterval(timer))
    })
    await failsWith('too-slow', url, { limits: { timeout: 300 } })
  })

  test('on a host that accepts the connection and stays silent', async () => {
    const url = await serveRaw('', false)
    await failsWith('no-answer', url, { limits: { headersTimeout: 100 } })
  })

  test('on headers that drip', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\nX-Slow: ', false)
    await failsWith('no-answer', url, { limits: { headersTimeout: 100 } })
  })

  test('on a redirect to itself, on a circle of redirects, and on too many', async () => {
    const url = await serve((request, response) => {
      const at = Number(request.url?.slice(3))
      const next =
        request.url?.startsWith('/n/') === true ? `/n/${at + 1}` : request.url === '/a' ? '/b' : '/a'
      response.writeHead(302, { Location: next }).end()
    })
    assert.equal((await failsWith('redirect-loop', `${url}a`)).requests.length, 2)
    assert.equal(
      (await failsWith('redirect-loop', `${url}n/1`)).requests.length,
      httpProbeLimits.maxRedirects + 1,
    )
  })

  test('on a redirect to something else than a web page', async () => {
    for (const location of [
      'file:///etc/passwd',
      'https://user:secret@example.org/',
      `/${'x'.repeat(3000)}`,
    ]) {
      const url = await serve((_request, response) => response.writeHead(302, { Location: location }).end())
      const { failure } = await failsWith('bad-redirect', url)
      assert.doesNotMatch(failure?.message ?? '', /secret|passwd/)
    }
  })

  test('on an expired certificate, one for another name, and one that nobody trusts', async () => {
    const expired = await testCertificate('localhost', { validFor: -1 })
    const foreign = await testCertificate('elsewhere.example', { validFor: 20 })
    const unknown = await testCertificate('localhost', { validFor: 20 })
    trust(expired.cert, foreign.cert)
    for (const [certificate, words] of [
      [expired, /has expired/],
      [foreign, /other names/],
      [unknown, /do not trust/],
    ] as const) {
      const port = await listen(createSecureServer(certificate, (_request, response) => response.end()))
      const { failure } = await failsWith('bad-certificate', `https://localhost:${port}/`)
      assert.match(failure?.message ?? '', words)
    }
  })

  test('on a port that speaks no TLS', async () => {
    const url = await serve((_request, response) => response.end())
    await failsWith('tls-failed', url.replace('http:', 'https:'))
  })

  test('on a port that nobody listens on, and on a host that nobody knows', async () => {
    const server = createTcpServer()
    server.listen(0, 'localhost')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await failsWith('connection-refused', `http://localhost:${port}/`)
    const resolveAll: AddressPolicy['resolveAll'] = (_host, _options, callback) =>
      callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), [])
    await failsWith('no-such-host', 'http://nobody.example/', { policy: { ...open, resolveAll } })
  })

  test('on name servers that do not answer', async () => {
    const resolveAll: AddressPolicy['resolveAll'] = () => {}
    const limits = { headersTimeout: 100 }
    await failsWith('dns-failed', 'http://slow.example/', { policy: { ...open, resolveAll }, limits })
  })

  test('on a connection that ends early', async () => {
    const url = await serveRaw('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', true)
    await failsWith('connection-lost', url)
  })

  test('on what is no HTTP, and on headers without end', async () => {
    await failsWith('bad-response', await serveRaw('SSH-2.0-OpenSSH_9.2\r\n', true))
    await failsWith('bad-response', await serveRaw(`HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`, false))
  })
})

describe('an HTTP probe of a private address', () => {
  const nowhere: AddressPolicy = { ...open, mayBePrivate: () => false }

  test('is refused, whether it is written or a name leads to it', async () => {
    const resolveAll: AddressPolicy['resolveAll'] = (_host, _options, callback) =>
      callback(null, [{ address: '10.0.0.1', family: 4 }])
    for (const url of [
      'http://127.0.0.1/',
      'http://localhost/',
      'http://[::1]/',
      'http://169.254.169.254/latest',
    ]) {
      await failsWith('private-address', url, { policy: nowhere })
    }
    await failsWith('private-address', 'http://inside.example/', { policy: { ...nowhere, resolveAll } })
  })

  test('is refused after a redirect from an origin that may be private', async () => {
    let requests = 0
    const inside = await serve((_request, response) => {
      requests++
      response.end('secret')
    })
    const url = await serve((_request, response) => response.writeHead(302, { Location: inside }).end())
    await failsWith('private-address', url, {
      policy: { ...open, mayBePrivate: privateOrigins([new URL(url).origin]) },
    })
    assert.equal(requests, 0)
  })
})

test('an HTTP probe that is stopped has no result', async () => {
  const url = await serve(() => stop.abort(new Error('the server stops')))
  const stop = new AbortController()
  await assert.rejects(probeHttp(new URL(url), { policy: open, signal: stop.signal }), /the server stops/)
  await assert.rejects(probeHttp(new URL(url), { policy: open, signal: stop.signal }), /the server stops/)
})

/** Makes this process trust certificates, besides those of the public authorities. */
function trust(...certificates: readonly string[]): void {
  setDefaultCACertificates([...getCACertificates('default'), ...certificates])
}
