import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { openEntry } from './open-entry.ts'

const upgraded: string[] = []
/** Requests that the app has and that are not over. */
const open = new Set<string>()
const entry = await openEntry({
  host: '127.0.0.1',
  port: 0,
  takesBeacon(request, response) {
    if (request.url !== '/v1/beacon') return false
    response.writeHead(204).end()
    return true
  },
  app(request, response) {
    open.add(request.url ?? '')
    response.once('close', () => open.delete(request.url ?? ''))
    if (request.url === '/waits') return
    if (request.url === '/fails') throw new Error('a test of what an entry does with an error')
    response.end(`app ${request.url}`)
  },
  upgrade(request, socket) {
    upgraded.push(request.url ?? '')
    socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n')
  },
})
after(() => entry.close())
const port = Number(new URL(entry.url).port)

/** All that the server answers to these bytes until it closes the connection. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  let answer = ''
  for await (const part of socket) answer += String(part)
  return answer
}

const webSocket = (target: string) =>
  `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`

for (const target of ['//', '//[', '///', '//:0', 'http://', '*']) {
  test(`a request for a WebSocket at ${target} is refused and its connection closed`, async () => {
    assert.match(await answerTo(webSocket(target)), /^HTTP\/1\.1 40[04] /)
  })
}

test('a request for a WebSocket at another path is answered without one, and its connection closed', async () => {
  assert.match(await answerTo(webSocket('/elsewhere')), /^HTTP\/1\.1 200 [^]*app \/elsewhere/)
})

test('a request for a WebSocket at its path is passed on, in origin and in absolute form', async () => {
  assert.match(await answerTo(webSocket('/v1/tracker?x')), /^HTTP\/1\.1 101 /)
  assert.match(await answerTo(webSocket('http://example.org/v1/tracker')), /^HTTP\/1\.1 101 /)
  assert.deepEqual(upgraded, ['/v1/tracker?x', 'http://example.org/v1/tracker'])
})

for (const protocol of ['h2c', 'TLS/1.0', 'nonsense']) {
  test(`an offer to upgrade to ${protocol} is ignored, the request served with its body`, async () => {
    const socket = connect(port, '127.0.0.1')
    after(() => socket.destroy())
    const ask = async (path: string) => {
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: ${protocol}\r\nContent-Length: 2\r\n\r\n{}`,
      )
      return String((await once(socket, 'data'))[0])
    }
    assert.match(await ask('/v1/beacon'), /^HTTP\/1\.1 204 /)
    assert.match(await ask('/page'), /^HTTP\/1\.1 200 [^]*app \/page$/)
  })
}

for (const [name, head] of [
  ['no host', 'Host: a b'],
  ['two hosts', 'Host: a\r\nHost: b'],
  ['a path', 'Host: a/b'],
] as const) {
  test(`a Host header that names ${name} is refused as a problem, without a stack`, async () => {
    const answer = await answerTo(`GET /x HTTP/1.1\r\n${head}\r\nConnection: close\r\n\r\n`)
    assert.match(answer, /^HTTP\/1\.1 400 [^]*application\/problem\+json[^]*"code":"bad-host"/)
    assert.doesNotMatch(answer, /at .*\.[jt]s/)
  })
}

test('a target in absolute form reaches the same route', async () => {
  const head = 'Host: x\r\nConnection: close\r\n\r\n'
  assert.match(await answerTo(`GET http://elsewhere.example/page HTTP/1.1\r\n${head}`), /app \/page$/)
  assert.match(await answerTo(`POST http://x/v1/beacon HTTP/1.1\r\n${head}`), /^HTTP\/1\.1 204 /)
})

test('requests that come at once are answered one after another, in their order', async () => {
  const head = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
  const last = 'GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
  const paths = Array.from({ length: 12 }, (_, i) => `/page-${i}`)
  const answer = await answerTo(paths.map(head).join('') + last)
  const answered = [...answer.matchAll(/app (\S+?)(?=HTTP|$)/g)].map(([, path]) => path)
  assert.deepEqual(answered, [...paths, '/last'])
})

test('a request behind a slow one is not begun, and is dropped with its connection', async () => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET /waits HTTP/1.1\r\nHost: x\r\n\r\nGET /behind HTTP/1.1\r\nHost: x\r\n\r\n')
  await until(() => open.has('/waits'))
  assert.ok(!open.has('/behind'))
  socket.destroy()
  await until(() => !open.has('/waits'))
  assert.deepEqual([...open], [])
})

test('a connection that sends thousands of requests at once is closed', async () => {
  const answer = await answerTo('GET /waits HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2000)).catch(() => '')
  assert.equal(answer, '')
  await until(() => open.size === 0)
})

test('an unexpected error is answered 500 without details, and the server goes on', async () => {
  const answer = await answerTo('GET /fails HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
  assert.match(answer, /^HTTP\/1\.1 500 [^]*"code":"unexpected"/)
  assert.doesNotMatch(answer, /a test of what/)
  assert.match(await answerTo('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /app \/next$/)
})

test('an unread body is not received without end: after the answer the connection closes', async () => {
  const socket = connect(port, '127.0.0.1')
  socket.write('POST /page HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
  const answer = once(socket, 'data')
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  sendWithoutEnd(socket)
  assert.match(String((await answer)[0]), /^HTTP\/1\.1 200 /)
  await closed
})

for (const path of ['/elsewhere', '/v1/tracker']) {
  test(`a client that resets its connection after it asked for a WebSocket at ${path} does no harm`, async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(webSocket(path))
      socket.resetAndDestroy()
      await once(socket, 'close')
    }
    assert.match(await answerTo('GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /app \/next$/)
  })
}

/** Resolves at the turn of the event loop in which it is true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve))
}

function sendWithoutEnd(socket: Socket): void {
  const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const send = () => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', send)
  }
  send()
}
