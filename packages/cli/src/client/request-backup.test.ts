import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { requestBackup } from './request-backup.ts'

const signal = new AbortController().signal
const askOf = (port: number) =>
  requestBackup({ server: `http://127.0.0.1:${port}`, token: 'x', withoutMeasurements: false, signal })

test('a server that ends while it takes a backup is not called one that does not answer', async (t) => {
  for (const end of [(socket: Socket) => socket.destroy(), (socket: Socket) => socket.resetAndDestroy()]) {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => end(socket))
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    t.after(() => server.close())
    await assert.rejects(askOf((server.address() as AddressInfo).port), {
      code: 'backup-broken',
      message: /^the server at .+ ended before the backup was complete/,
    })
  }
})

test('where no server listens it is said that none answers', async () => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  await assert.rejects(askOf(port), { code: 'server-unreachable', message: /^no server answers at/ })
})
