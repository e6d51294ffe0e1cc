import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { closing, startTracker, type TrackerUnderTest } from './tracker.testing.ts'

const handshake = [
  'GET / HTTP/1.1',
  'Host: x',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  '\r\n',
].join('\r\n')

const timeout = () => ({ signal: AbortSignal.timeout(30_000) })

interface Refusal {
  readonly name: string
  readonly status: number
  readonly header?: RegExp
  readonly request?: string
  readonly maxConnectionsPerNetwork?: number
  readonly before?: (on: TrackerUnderTest) => Promise<void>
}

const refusals: readonly Refusal[] = [
  {
    name: 'a network with all its connections',
    status: 429,
    header: /Retry-After: 60/,
    maxConnectionsPerNetwork: 0,
  },
  { name: 'no key', status: 400, request: handshake.replace(/Sec-WebSocket-Key.*\r\n/, '') },
  { name: 'a bad key', status: 400, request: handshake.replace('AAAA', '!') },
  {
    name: 'another version',
    status: 400,
    header: /Sec-WebSocket-Version: 13/,
    request: handshake.replace('Version: 13', 'Version: 7'),
  },
  { name: 'another method', status: 405, header: /Allow: GET/, request: handshake.replace('GET', 'PUT') },
  { name: 'another protocol', status: 400, request: handshake.replace('Upgrade: websocket', 'Upgrade: h2c') },
  {
    name: 'bad subprotocols',
    status: 400,
    request: handshake.replace('\r\n\r\n', '\r\nSec-WebSocket-Protocol: a,,\r\n\r\n'),
  },
  { name: 'a tracker that ends', status: 503, before: (on) => on.tracker.close() },
]

for (const { name, status, header = /^/, request = handshake, before, ...options } of refusals) {
  test(`refuses ${name} with ${status}, and destroys a socket whose client leaves its side open`, async (t) => {
    const on = await startTracker(t, options)
    await before?.(on)
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const { client, served } = await on.connectRaw()
    client.write(request)
    let answer = ''
    for await (const bytes of client) answer += String(bytes)
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer)
    assert.match(answer, header)
    const closed = closing(served)
    t.mock.timers.tick(1000)
    await closed
    client.destroy()
  })

  test(`survives a client that resets its connection while it is refused for ${name}`, async (t) => {
    const on = await startTracker(t, options)
    await before?.(on)
    const { client, served } = await on.connectRaw()
    const closed = closing(served)
    client.write(request)
    await once(client, 'data', timeout())
    client.resetAndDestroy()
    await closed
  })
}

test('survives a client that resets its connection at once, and frees its place', async (t) => {
  const on = await startTracker(t, { maxConnectionsPerNetwork: 1 })
  const { client, served } = await on.connectRaw()
  const closed = closing(served)
  client.write(handshake)
  await once(client, 'data', timeout())
  client.resetAndDestroy()
  await closed
  await on.join()
})

test('limits the rate of new connections of a network, however often they end', async (t) => {
  let now = Date.now()
  const on = await startTracker(t, { maxConnectionsPerNetwork: 10, now: () => now })
  for (let i = 0; i < 20; i++) {
    const peer = await on.connect()
    peer.socket.terminate()
    await on.counted('disconnected', i + 1)
  }
  await assert.rejects(on.connect(), /429/)
  assert.equal(on.tracker.counts()['network-hurried'], 1)
  await on.connect('198.51.100.1')
  now += 1000
  await on.connect()
})
