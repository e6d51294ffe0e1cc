import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { after, test } from 'node:test'
import { graphqlClient } from '@peerpress/cli'
import { addSite } from '../support/server/add-site.ts'
import { eventually } from '../support/eventually.ts'
import { postBeacon, sampleBeacon } from '../support/data/sample-beacon.ts'
import { startServerProcess } from '../support/server/server-process.ts'

/** What a server promises to take at most to end, ms: supervisors kill it after 10 to 30 s. */
const promised = 12_000

const server = await startServerProcess()
after(() => server.close())
const { hostname, port } = new URL(server.url)

/** A site whose pages begin and never end. */
async function endlessSite(): Promise<string> {
  const site = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    const timer = setInterval(() => response.write(' '), 500)
    response.on('close', () => clearInterval(timer))
    response.write('<!doctype html>')
    pageBegun.resolve()
  })
  after(() => {
    site.close()
    site.closeAllConnections()
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  const address = site.address()
  assert.ok(address !== null && typeof address === 'object')
  return `http://127.0.0.1:${address.port}`
}

const pageBegun = Promise.withResolvers<void>()

/** A connection on which the client has sent these bytes and neither reads nor ends anything. */
async function held(bytes: string): Promise<void> {
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  socket.write(bytes)
  after(() => socket.destroy())
}

test('ends in order within its promise under load, and loses nothing that it has answered', async () => {
  const origin = await endlessSite()
  const { siteId } = await addSite(server, `${origin}/`)
  await graphqlClient(server.url, await server.token()).query(
    'mutation($input: PostPublishInput!) { postPublish(input: $input) { accepted } }',
    { input: { siteId, postId: 'endless', url: `${origin}/endless/` } },
  )
  await pageBegun.promise
  const webSocket =
    'GET /v1/tracker HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
  for (const bytes of [
    '',
    'GET /',
    'POST /v1/beacon HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
    webSocket,
  ]) {
    for (let i = 0; i < 5; i++) await held(bytes)
  }
  let answered = 0
  const stopping = new AbortController()
  const readers = Array.from({ length: 4 }, async () => {
    while (!stopping.signal.aborted) {
      const beacon = sampleBeacon(siteId)
      const response = await postBeacon({
        server: server.url,
        beacon: { ...beacon, url: `${origin}/endless/` },
        origin,
      }).catch(() => undefined)
      if (response?.status === 204) answered++
    }
  })
  await eventually('some beacons answered', async () => (answered > 20 ? true : undefined))

  const begun = performance.now()
  await server.stop()
  const took = performance.now() - begun
  stopping.abort()
  await Promise.all(readers)
  assert.ok(took <= promised, `${took} ms`)

  await server.restart()
  const range = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) }
  const views = await eventually('all answered beacons in the report', async () => {
    const { site } = await graphqlClient(server.url).query<{
      site: { report: { totals: { views: number } } }
    }>(
      'query($siteId: String!, $range: RangeInput!) { site(siteId: $siteId) { report(range: $range) { totals { views } } } }',
      { siteId, range },
    )
    return site.report.totals.views >= answered ? site.report.totals.views : undefined
  })
  assert.ok(views >= answered)
})
