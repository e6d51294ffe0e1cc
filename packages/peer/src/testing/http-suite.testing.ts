import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, test } from 'node:test'
import type { HttpOrder } from '@peerpress/swarm'
import type { Asset } from '@peerpress/wire'
import { type HttpChunk, HttpServers } from '../http/http-servers.ts'
import type { Platform } from '../platform.ts'

const chunkSize = 1000
const film = Buffer.from(Array.from({ length: 4500 }, (_, i) => (i * 7) % 251))
const hashes = Buffer.concat(
  [0, 1, 2, 3, 4].map((i) => sha256(film.subarray(i * chunkSize, (i + 1) * chunkSize))),
)

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A web server whose answer each test chooses. It records the requests. */
class TestServer {
  answer: Answer = serves
  readonly asked: string[] = []
  readonly #server = createServer((request, response) => {
    this.asked.push(`${request.url} ${request.headers.range}`)
    this.answer(request, response)
  })

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

/** Tests getting chunks from origin and mirrors with the HTTP of this platform. */
export function testHttpServers(platform: Platform): void {
  describe('the servers', { timeout: 60_000 }, () => httpServers(platform))
}

function httpServers(platform: Platform): void {
  const [origin, first, second] = [new TestServer(), new TestServer(), new TestServer()]
  let asset: Asset
  let mirrors: string[]
  let servers: HttpServers
  let now = 0
  /** ms of each timer. */
  let timers: number[] = []
  let timeScale = 1

  beforeEach(async () => {
    const url = `${await origin.listen()}film`
    mirrors = [await first.listen(), await second.listen()]
    asset = { id: 'copy', url, type: '', size: film.length, chunkSize, hashes: Uint8Array.from(hashes) }
    timers = []
    timeScale = 1
    servers = new HttpServers({
      ...platform,
      now: () => now,
      setTimer(callback, ms) {
        timers.push(ms)
        return platform.setTimer(callback, ms * timeScale)
      },
    })
    for (const server of [origin, first, second]) {
      server.answer = serves
      server.asked.length = 0
    }
  })
  afterEach(() => Promise.all([origin.close(), first.close(), second.close()]))

  /** What comes of chunks 1 to 4, as `server index`. */
  async function get(order: HttpOrder = 'origin-first'): Promise<string[]> {
    const got: string[] = []
    for await (const { index, bytes, source } of chunks(order)) {
      assert.deepEqual(Buffer.from(bytes), film.subarray(index * chunkSize, (index + 1) * chunkSize))
      got.push(`${source} ${index}`)
    }
    return got
  }

  function chunks(order: HttpOrder): AsyncGenerator<HttpChunk> {
    return servers.chunks(asset, { first: 1, last: 4, mirrors, order })
  }

  const four = (source: string): string[] => [1, 2, 3, 4].map((index) => `${source} ${index}`)

  test('take the part that they asked for from an origin that hides which part it sends', async () => {
    origin.answer = (request, response) => {
      const [start = 0, end = 0] = (request.headers.range ?? '').slice('bytes='.length).split('-').map(Number)
      response.writeHead(206).end(film.subarray(start, end + 1))
    }
    assert.deepEqual(await get(), four('origin'))
    // Other bytes than the manifest's are not taken, whichever part they are.
    origin.answer = (_, response) => response.writeHead(206).end(film)
    assert.deepEqual(await get(), four('mirror'))
  })

  test('ask the origin alone as long as it gives', async () => {
    assert.deepEqual(await get(), four('origin'))
    assert.deepEqual(origin.asked, ['/film bytes=1000-4499'])
    assert.deepEqual([...first.asked, ...second.asked], [])
  })

  const failures: readonly (readonly [string, Answer])[] = [
    ['refuses', (_, response) => response.writeHead(403).end()],
    ['does not have it', (_, response) => response.writeHead(404).end('no such key')],
    ['is overloaded', (_, response) => response.writeHead(503).end()],
    ['hangs up', ({ socket }) => socket.destroy()],
    ['sends other bytes', (request, response) => serves(request, response, Buffer.alloc(film.length))],
    ['has a longer one', (request, response) => serves(request, response, Buffer.concat([film, film]))],
    ['has a shorter one', (request, response) => serves(request, response, film.subarray(0, 2000))],
    ['ignores Range', (_, response) => response.end(film)],
    [
      'answers with another stretch',
      (_, response) =>
        response
          .writeHead(206, { 'Content-Range': `bytes 2000-4499/${film.length}` })
          .end(film.subarray(2000)),
    ],
    [
      'claims more than it sends',
      (_, response) => {
        response.writeHead(206, { 'Content-Range': `bytes 1000-4499/${film.length}`, 'Content-Length': 3500 })
        response.write(film.subarray(1000, 1500), () => response.destroy())
      },
    ],
    [
      'ends too early',
      (_, response) =>
        response
          .writeHead(206, { 'Content-Range': `bytes 1000-4499/${film.length}` })
          .end(film.subarray(1000, 1500)),
    ],
  ]
  for (const [what, answer] of failures)
    test(`leave a mirror that ${what} for the next`, async () => {
      origin.answer = (_, response) => response.writeHead(500).end()
      first.answer = answer
      assert.deepEqual(await get(), four('mirror'))
      assert.deepEqual([first.asked.length, second.asked.length], [1, 1])
      // It rests: the next time it is not asked.
      assert.deepEqual(await get('mirrors-alone'), four('mirror'))
      assert.equal(first.asked.length, 1)
      now += 30_000
      await get('mirrors-alone')
      assert.equal(first.asked.length, 2)
    })

  test('go on at the next where the one before broke off', async () => {
    origin.answer = (_, response) => {
      response.writeHead(206, { 'Content-Range': `bytes 1000-4499/${film.length}` })
      response.end(film.subarray(1000, 2700))
    }
    first.answer = (request, response) => {
      const other = Buffer.from(film)
      other[3500] = 0
      serves(request, response, other)
    }
    assert.deepEqual(await get(), ['origin 1', 'mirror 2', 'mirror 3', 'mirror 4'])
    assert.deepEqual(first.asked, ['/copy bytes=2000-4499'])
    assert.deepEqual(second.asked, ['/copy bytes=3000-4499'])
  })

  test('take from an origin that ignores Range what comes before, too', async () => {
    origin.answer = (_, response) => response.end(film)
    assert.deepEqual(await get(), ['origin 0', ...four('origin')])
  })

  test('leave a mirror that is silent for the next', async () => {
    timeScale = 0.05
    first.answer = () => {}
    assert.deepEqual(await get('mirrors-alone'), four('mirror'))
    assert.deepEqual([first.asked.length, second.asked.length], [1, 1])
  })

  test('give a slow server more time if there is no other', async () => {
    await get()
    assert.ok(timers.every((ms) => ms === 8000))
    timers = []
    mirrors = []
    await get()
    assert.ok(timers.length > 0 && timers.every((ms) => ms === 60_000))
  })

  test('end the request when the caller cancels it', async () => {
    const closed = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    origin.answer = (_, response) => {
      response.on('close', closed.resolve)
      asked.resolve()
    }
    const abort = new AbortController()
    const extent = { first: 1, last: 4, mirrors, order: 'origin-first', signal: abort.signal } as const
    const got = servers.chunks(asset, extent).next()
    await asked.promise
    abort.abort()
    await assert.rejects(got)
    await closed.promise
    assert.deepEqual(first.asked, [])
    // The origin did not fail.
    origin.answer = serves
    assert.deepEqual(await get(), four('origin'))
  })

  test('ask the origin last while it rests, and when it is known to be down', async () => {
    origin.answer = (_, response) => response.writeHead(503).end()
    await get()
    origin.answer = serves
    assert.deepEqual(await get(), four('mirror'))
    now += 30_000
    assert.deepEqual(await get(), four('origin'))
    assert.deepEqual(await get('mirrors-first'), four('mirror'))
    first.answer = second.answer = (_, response) => response.writeHead(503).end()
    assert.deepEqual(await get('mirrors-first'), four('origin'))
  })

  test('throw when none goes on, and are asked again all the same', async () => {
    for (const server of [origin, first, second])
      server.answer = (_, response) => response.writeHead(503).end()
    await assert.rejects(get())
    second.answer = serves
    assert.deepEqual(await get(), four('mirror'))
  })
}

function serves({ headers }: IncomingMessage, response: ServerResponse, body: Buffer = film): void {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
  response.writeHead(206, { 'Content-Range': `bytes ${start}-${end}/${body.length}` })
  response.end(body.subarray(Number(start), Number(end) + 1))
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest()
}
