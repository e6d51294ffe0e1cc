import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { after, test } from 'node:test'
import { startCountryProxy } from './country-proxy.ts'

const server = createServer((incoming, response) => {
  response.end(String(incoming.headers['x-forwarded-for']))
})
server.on('upgrade', (incoming, socket) => {
  socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${String(incoming.headers['x-forwarded-for'])}`)
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo
const proxy = await startCountryProxy('193.0.6.139')
after(async () => {
  await proxy.close()
  server.close()
})

test('puts the reader where the demo says for a plain request', async () => {
  const proxyPort = new URL(proxy.url).port
  const outgoing = request({
    host: '127.0.0.1',
    port: proxyPort,
    path: `http://127.0.0.1:${port}/`,
    headers: { 'x-forwarded-for': '8.8.8.8' },
  })
  outgoing.end()
  const [response] = await once(outgoing, 'response')
  assert.equal(String(Buffer.concat(await response.toArray())), '193.0.6.139')
})

test('puts the reader there for a WebSocket handshake, even one that comes in pieces', async () => {
  const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
  socket.write(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  const [established] = await once(socket, 'data')
  assert.match(String(established), /^HTTP\/1\.1 200/)
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgra')
  socket.write('de\r\nUpgrade: websocket\r\n\r\n')
  assert.match(String(Buffer.concat(await socket.toArray())), /193\.0\.6\.139$/)
})

test('ends the reader’s request when the server cannot be reached', async () => {
  const outgoing = request({ host: '127.0.0.1', port: new URL(proxy.url).port, path: 'http://127.0.0.1:1/' })
  outgoing.end()
  await assert.rejects(once(outgoing, 'response'))
})

test('outlives requests that name no address', async () => {
  for (const head of ['GET / HTTP/1.1', 'CONNECT 127.0.0.1:99999 HTTP/1.1']) {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1')
    socket.write(`${head}\r\nHost: x\r\n\r\n`)
    assert.deepEqual(await socket.toArray(), [])
  }
})
