import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { eventually } from '../support/eventually.ts'
import { heldMemory, measuredMemory } from '../support/server/process-memory.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

const server = await startServerProcess(measuredMemory)
after(() => server.close())
const { hostname, port } = new URL(server.url)

const routes = [
  '/v1/beacon',
  '/v1/sites/aaaaaaaaaaaaaaaa/events',
  '/connect',
  '/v1/connect',
  '/graphql',
] as const
const perRoute = 24
const chunks = 4000
const chunk = '1\r\nx\r\n'
/** Bytes that the bodies of a set may hold. */
const mostOfSet = routes.length * perRoute * (64 * 1024 + 10 * chunks * chunk.length)

/** Sends a body in one-byte chunks, and no end. */
async function sendSlowBody(route: string, n: number): Promise<Socket> {
  // Each from a network of its own, so that none is refused for the others.
  const socket = connect({ host: hostname, port: Number(port), localAddress: `127.1.${n % 250}.1` })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(
    `POST ${route} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
  )
  socket.write(chunk.repeat(chunks))
  return socket
}

/** What the server says that bodies in flight hold, bytes. */
async function heldByBodies(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text()
  return Number(/^peerpress_body_bytes (\d+)$/m.exec(text)?.[1])
}

test('a body in one-byte chunks holds no more than 64 KiB and ten times its bytes, on every route', async () => {
  const sockets: Socket[] = []
  const grown: number[] = []
  // A fresh server grows for other reasons too, once: Postgres is optimised while it runs. Each set of bodies adds its own.
  for (let set = 0; set < 3; set++) {
    const before = await heldMemory(server)
    const added = routes.flatMap((route, r) =>
      Array.from({ length: perRoute }, (_, n) => sendSlowBody(route, r * perRoute + n)),
    )
    sockets.push(...(await Promise.all(added)))
    // All of them are received: each buffer holds its bytes.
    await eventually('all bodies received', async () =>
      (await heldByBodies()) >= sockets.length * chunks ? true : undefined,
    )
    grown.push((await heldMemory(server)) - before)
  }
  assert.ok(
    Math.min(...grown) <= mostOfSet,
    `${grown.join(', ')} bytes more, ${mostOfSet} allowed for each set`,
  )
  assert.ok((await heldByBodies()) <= sockets.length * 2 * chunks)

  const answer = await postBeacon({
    server: server.url,
    beacon: sampleBeacon('a'.repeat(16)),
    origin: 'http://x',
  })
  assert.equal(answer.status, 404)
  for (const socket of sockets) socket.destroy()
  await eventually('what they held given back', async () => ((await heldByBodies()) === 0 ? true : undefined))
})
