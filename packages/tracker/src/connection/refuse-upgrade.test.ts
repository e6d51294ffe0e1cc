import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { refuseUpgrade, type UpgradeRefusal } from './refuse-upgrade.ts'
import { closing } from '../tracker.testing.ts'

/** A client whose upgrade request was refused, and the server's end of its connection. */
async function refused(t: TestContext, refusal: UpgradeRefusal, more = '') {
  const http = createServer()
  const served = Promise.withResolvers<Socket>()
  http.on('upgrade', (_request, socket: Socket) => {
    refuseUpgrade(socket, refusal)
    served.resolve(socket)
  })
  await once(http.listen(0, '127.0.0.1'), 'listening')
  t.after(() => http.close())
  const { port } = http.address() as AddressInfo
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  client.on('error', () => {})
  client.write(`GET /x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n${more}`)
  return { client, served: await served.promise }
}

async function readAll(client: Socket): Promise<string> {
  let text = ''
  for await (const bytes of client) text += String(bytes)
  return text
}

test('answers with the status and its headers, and closes', async (t) => {
  const { client, served } = await refused(t, { status: 429, headers: { 'Retry-After': '60' } })
  const closed = closing(served)
  assert.equal(
    await readAll(client),
    'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Length: 0\r\nRetry-After: 60\r\n\r\n',
  )
  client.end()
  await closed
})

test('ends only the connection that the client resets', async (t) => {
  const { client, served } = await refused(t, { status: 404 })
  const closed = closing(served)
  client.resetAndDestroy()
  await closed
})

test('destroys the socket of a client that leaves its side open, after a second', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { client, served } = await refused(t, { status: 404 })
  assert.match(await readAll(client), /^HTTP\/1.1 404 Not Found\r\n/)
  t.mock.timers.tick(999)
  assert.equal(served.destroyed, false)
  const closed = closing(served)
  t.mock.timers.tick(1)
  await closed
  client.destroy()
})

test('lets a client read the answer if it had sent more than its request', async (t) => {
  const { client, served } = await refused(t, { status: 404 }, 'x'.repeat(2_000_000))
  assert.match(await readAll(client), /^HTTP\/1.1 404 Not Found\r\n/)
  const closed = closing(served)
  client.end()
  await closed
})

test('ignores a socket that is already closed', async (t) => {
  const { client, served } = await refused(t, { status: 404 })
  const closed = closing(served)
  served.destroy()
  await closed
  refuseUpgrade(served, { status: 404 })
  served.emit('error', new Error('late'))
  client.destroy()
})
