import assert from 'node:assert/strict'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { createServer, type RequestListener, request } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { after, describe, test } from 'node:test'
import { type AddressPolicy, privateOrigins } from '../address-policy.ts'
import { type GuardingProxy, startGuardingProxy } from './guarding-proxy.ts'

const closers: (() => unknown)[] = []
after(async () => {
  for (const close of closers) await close()
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function startProxy(given: Partial<AddressPolicy>, maxBytes = 1024 ** 2): Promise<GuardingProxy> {
  const policy = { mayBePrivate: () => false, resolveAll: lookup, ...given }
  const proxy = await startGuardingProxy({ policy, maxBytes })
  closers.push(() => proxy.close())
  return proxy
}

/** Requests a URL through the proxy. */
async function get(proxy: GuardingProxy, url: string, headers: Record<string, string> = {}) {
  const [host, port] = proxy.address.split(':')
  const outgoing = request({ host, port, path: url, headers: { host: new URL(url).host, ...headers } }).end()
  const [response] = await once(outgoing, 'response')
  const body = Buffer.concat(await response.toArray()).toString()
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, body }
}

/** Opens a tunnel, sends `text` through it and returns all that comes back. */
async function tunnel(proxy: GuardingProxy, target: string, text = ''): Promise<string> {
  const socket = connect(Number(proxy.address.split(':')[1]), '127.0.0.1')
  socket.on('error', () => {})
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n${text}`)
  return Buffer.concat(await socket.toArray()).toString()
}

describe('the proxy of a probe’s browser', () => {
  test('forwards plain requests without the fields of one connection', async () => {
    const origin = await serve(({ headers, url }, response) => {
      response.setHeader('X-Own', 'kept').end(`${url} ${JSON.stringify(headers)}`)
    })
    const proxy = await startProxy({ mayBePrivate: privateOrigins([origin]) })
    const { status, headers, body } = await get(proxy, `${origin}/a?b=c`, {
      'proxy-connection': 'keep-alive',
      'x-hop': '1',
      connection: 'x-hop',
      'accept-language': 'en',
    })
    assert.equal(status, 200)
    assert.equal(headers['x-own'], 'kept')
    assert.match(body, /^\/a\?b=c /)
    assert.match(body, /"accept-language":"en"/)
    assert.doesNotMatch(body, /proxy-connection|x-hop/)
    assert.ok(proxy.bytes() >= body.length)
  })

  test('opens tunnels', async () => {
    const origin = await serve((_request, response) =>
      response.setHeader('Connection', 'close').end('through'),
    )
    const proxy = await startProxy({ mayBePrivate: privateOrigins([origin]) })
    const answer = await tunnel(proxy, new URL(origin).host, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.match(answer, /^HTTP\/1\.1 200 Connection Established/)
    assert.match(answer, /through/)
  })

  test('refuses private addresses, however they are written or resolved', async () => {
    let requests = 0
    const origin = await serve((_request, response) => {
      requests++
      response.end()
    })
    const { port } = new URL(origin)
    const resolveAll: AddressPolicy['resolveAll'] = (_host, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }])
    const proxy = await startProxy({ resolveAll })
    const hosts = [
      '127.0.0.1',
      'localhost',
      '2130706433',
      '0x7f.1',
      '[::1]',
      '[::ffff:127.0.0.1]',
      'inside.example',
    ]
    for (const host of hosts) {
      assert.equal((await get(proxy, `http://${host}:${port}/`)).status, 403, host)
      assert.match(await tunnel(proxy, `${host}:${port}`), /^HTTP\/1\.1 403 /, host)
    }
    assert.equal(requests, 0)
    assert.equal(proxy.failureOf('inside.example', Number(port))?.code, 'private-address')
    assert.equal(proxy.failureOf('127.0.0.1', Number(port))?.code, 'private-address')
  })

  test('allows a private address on the ports of the site’s origins alone', async () => {
    const origin = await serve((_request, response) => response.end('own'))
    const other = await serve((_request, response) => response.end('other'))
    const proxy = await startProxy({ mayBePrivate: privateOrigins([origin]) })
    assert.equal((await get(proxy, origin)).body, 'own')
    assert.equal((await get(proxy, other)).status, 403)
  })

  test('reports why a host cannot be reached, until it can', async () => {
    const server = createTcpServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    const proxy = await startProxy({ mayBePrivate: () => true })
    assert.equal((await get(proxy, `http://127.0.0.1:${port}/`)).status, 502)
    assert.equal(proxy.failureOf('127.0.0.1', port)?.code, 'connection-refused')
    assert.equal(proxy.failureOf('127.0.0.1', 1), null)
  })

  test('passes no byte after its budget is spent', async () => {
    const origin = await serve((_request, response) => {
      const more = () => {
        while (response.write('x'.repeat(16_384)));
      }
      response.on('drain', more)
      more()
    })
    const proxy = await startProxy({ mayBePrivate: () => true }, 200_000)
    const answer = await tunnel(proxy, new URL(origin).host, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    assert.ok(answer.length < 200_000)
    assert.match(await tunnel(proxy, new URL(origin).host), /^HTTP\/1\.1 502 /)
    await assert.rejects(get(proxy, origin).then(({ status }) => assert.equal(status, 200)))
  })

  test('refuses requests that name no host, and goes on', async () => {
    const proxy = await startProxy({ mayBePrivate: () => true })
    for (const target of ['nowhere', '127.0.0.1:99999', 'a b:80', '/:80', '127.0.0.1:80/path', ':80']) {
      assert.match(await tunnel(proxy, target), /^HTTP\/1\.1 4/, target)
    }
    for (const url of ['ftp://127.0.0.1/', 'https://127.0.0.1/']) {
      assert.equal((await get(proxy, url)).status, 400)
    }
  })
})
