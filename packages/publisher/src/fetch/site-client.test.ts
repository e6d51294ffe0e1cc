import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, afterEach, before, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Site } from '@peerpress/registry'
import { defaultFetchLimits, timeFor } from './fetch-limits.ts'
import { PublisherError } from '../publisher-error.ts'
import { createSiteClient, type SiteClient } from './site-client.ts'
import { siteRecord, startSite, startSocketServer, type TestSite } from '../test-site.testing.ts'

describe('fetching from a site', { timeout: 60_000 }, () => {
  const timeout = 60_000
  const never = new AbortController().signal
  const opened: { close(): Promise<void> }[] = []
  let web: TestSite
  let client: SiteClient
  /** A client whose short limits a busy machine exceeds as well: for sites that never answer in time. */
  let hasty: SiteClient
  let site: Site

  before(async () => {
    web = await startSite()
    site = siteRecord([web.origin], true)
    client = createSiteClient({ limits: defaultFetchLimits })
    hasty = createSiteClient({ limits: { ...defaultFetchLimits, headersTimeout: 300, idleTimeout: 300 } })
  })
  after(async () => {
    await client.close()
    await hasty.close()
    await web.close()
  })
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((server) => server.close()))
  })

  const read = async (url: string, from = site, limit = 10_000) => {
    const response = await client.get(from, url, { signal: never, timeout })
    const pieces: Buffer[] = []
    for await (const piece of response.read(limit)) pieces.push(piece)
    return { status: response.status, url: response.url.href, text: Buffer.concat(pieces).toString() }
  }
  const readHastily = async (url: string, from = site) => {
    const response = await hasty.get(from, url, { signal: never, timeout: 900 })
    return Array.fromAsync(response.read(10_000))
  }
  const speak = async (bytes: string, end: boolean) => {
    const server = await startSocketServer((socket) => {
      socket.once('data', () => (end ? socket.end(bytes) : socket.write(bytes)))
    })
    opened.push(server)
    return { origin: server.origin, site: siteRecord([server.origin], true) }
  }

  test('reads a page, without credentials or a referrer', async () => {
    web.routes.set('/page', { body: 'hello' })
    assert.deepEqual(await read(`${web.origin}/page`), {
      status: 200,
      url: `${web.origin}/page`,
      text: 'hello',
    })
    const { headers } = web.requests.at(-1) ?? assert.fail()
    for (const name of ['cookie', 'authorization', 'referer']) assert.equal(headers[name], undefined)
  })

  test('decodes a compressed response, and applies the limit to the decoded bytes', async () => {
    web.routes.set('/gzip', { body: gzipSync('x'.repeat(5000)), headers: { 'content-encoding': 'gzip' } })
    assert.equal((await read(`${web.origin}/gzip`)).text.length, 5000)
    await assert.rejects(read(`${web.origin}/gzip`, site, 4999), { code: 'too-large' })
  })

  test('refuses other origins before it connects', async () => {
    for (const url of [
      'http://other.example/',
      `http://user:pw@127.0.0.1:${new URL(web.origin).port}/page`,
    ]) {
      await assert.rejects(read(url), { code: 'foreign-url' })
    }
  })

  test('refuses a literal private address, and a name that resolves to one', async () => {
    const { port } = new URL(web.origin)
    const asked: string[] = []
    const guarded = createSiteClient({
      limits: defaultFetchLimits,
      resolveAll: (name, _, callback) => {
        asked.push(name)
        callback(null, [{ address: '127.0.0.1', family: 4 }])
      },
    })
    opened.push(guarded)
    const seen = web.requests.length
    for (const host of ['127.0.0.1', '[::1]', 'rebound.example']) {
      const origin = new URL(`http://${host}:${port}`).origin
      const get = guarded.get(siteRecord([origin], false), `${origin}/page`, { signal: never, timeout })
      await assert.rejects(get, { code: 'private-address' })
    }
    assert.deepEqual(asked, ['rebound.example'])
    assert.equal(web.requests.length, seen)
  })

  test('follows five redirects on the site, not six', async () => {
    for (let n = 0; n < 7; n++) web.routes.set(`/r${n}`, { status: 302, headers: { location: `/r${n + 1}` } })
    web.routes.set('/r5', { body: 'there' })
    assert.equal((await read(`${web.origin}/r0`)).url, `${web.origin}/r5`)
    web.routes.set('/r5', { status: 302, headers: { location: '/r6' } })
    await assert.rejects(read(`${web.origin}/r0`), { code: 'too-many-redirects' })
  })

  test('follows no redirect away from the registered origins', async () => {
    const other = await startSite()
    opened.push(other)
    web.routes.set('/away', { status: 301, headers: { location: `${other.origin}/secret` } })
    await assert.rejects(read(`${web.origin}/away`), { code: 'foreign-url' })
    assert.equal(other.requests.length, 0)
  })

  test('a body that is shorter than its length is a failure', async () => {
    const short = await speak('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nten bytes.', true)
    await assert.rejects(read(`${short.origin}/`, short.site), { code: 'network' })
  })

  test('refuses a length beyond the limit before reading a byte', async () => {
    const huge = await speak('HTTP/1.1 200 OK\r\ncontent-length: 99999999999999\r\n\r\nx', false)
    await assert.rejects(read(`${huge.origin}/`, huge.site), { code: 'too-large' })
  })

  test('ignores bytes beyond the content length', async () => {
    const long = await speak('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nfour and more', false)
    assert.equal((await read(`${long.origin}/`, long.site)).text, 'four')
  })

  test('an endless body stops at the limit', async () => {
    web.routes.set('/endless', (_, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(4096))) if (response.destroyed) return
      }
      response.on('drain', more)
      more()
    })
    await assert.rejects(read(`${web.origin}/endless`), { code: 'too-large' })
  })

  test('endless slow headers time out', async () => {
    const loris = await startSocketServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x: y\r\n'), 20)
      socket.on('close', () => clearInterval(drip))
    })
    opened.push(loris)
    await assert.rejects(readHastily(`${loris.origin}/`, siteRecord([loris.origin], true)), {
      code: 'timeout',
    })
  })

  test('a body that stalls times out', async () => {
    const silent = await speak('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nten bytes.', false)
    await assert.rejects(readHastily(`${silent.origin}/`, silent.site), { code: 'timeout' })
  })

  test('an endless slow body times out', async () => {
    web.routes.set('/drip', (_, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    await assert.rejects(readHastily(`${web.origin}/drip`), { code: 'timeout' })
  })

  test('a body below the minimum rate ends before the total timeout', async () => {
    const strict = createSiteClient({ limits: { ...defaultFetchLimits, minRate: 1_000_000, rateGrace: 100 } })
    opened.push(strict)
    web.routes.set('/slow', (_, response) => {
      const drip = setInterval(() => response.write('x'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const response = await strict.get(site, `${web.origin}/slow`, { signal: never, timeout: 600_000 })
    await assert.rejects(Array.fromAsync(response.read(10_000)), { code: 'timeout', message: /slower than/ })
  })

  test('the time limit of a response grows with the delivered bytes', () => {
    const rates = { minRate: 1000, rateGrace: 50 }
    assert.equal(timeFor(0, rates), 50)
    assert.equal(timeFor(4000, rates), 4050)
  })

  test('redirects, name resolution and a silent peer count towards the total time', async () => {
    const patient = createSiteClient({
      limits: { ...defaultFetchLimits, headersTimeout: 600_000 },
      resolveAll: () => {},
    })
    opened.push(patient)
    web.routes.set('/to-silence', { status: 302, headers: { location: '/silence' } })
    web.routes.set('/silence', () => {})
    const total = { signal: never, timeout: 200 }
    const late = { code: 'timeout', message: 'no end in time' }
    await assert.rejects(patient.get(site, `${web.origin}/to-silence`, total), late)
    assert.equal(web.count('/silence'), 1)
    const named = siteRecord(['http://unresolved.example'], false)
    await assert.rejects(patient.get(named, 'http://unresolved.example/', total), late)
  })

  test('too many header bytes are a network failure', async () => {
    const long = await speak(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(16 * 1024)}\r\n\r\n`, true)
    await assert.rejects(read(`${long.origin}/`, long.site), { code: 'network' })
    const many = await speak(`HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`, true)
    await assert.rejects(read(`${many.origin}/`, many.site), { code: 'network' })
  })

  for (const [encoding, body, code] of [
    ['gzip', Buffer.from('not compressed'), 'bad-encoding'],
    ['gzip', gzipSync(randomBytes(50_000)).subarray(0, 30_000), 'network'],
    ['br', Buffer.from('not compressed'), 'bad-encoding'],
    ['deflate', Buffer.from('not compressed'), 'bad-encoding'],
  ] as const) {
    test(`a body of ${body.length} bytes that is not ${encoding} is a failure, and no error is unhandled`, async () => {
      web.routes.set('/broken', { body, headers: { 'content-encoding': encoding } })
      await assert.rejects(read(`${web.origin}/broken`, site, 100_000), { code })
      const abandoned = await client.get(site, `${web.origin}/broken`, { signal: never, timeout })
      abandoned.discard()
      const half = await client.get(site, `${web.origin}/broken`, { signal: never, timeout })
      await half
        .read(100_000)
        .next()
        .catch(() => {})
      half.discard()
    })
  }

  test('a connection that breaks between two reads fails the next read and nothing else', async () => {
    const cut = Promise.withResolvers<void>()
    const closed = Promise.withResolvers<void>()
    const server = await startSocketServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nten bytes.')
      cut.promise.then(() => socket.resetAndDestroy(), assert.fail)
      socket.on('close', closed.resolve)
    })
    opened.push(server)
    const get = () =>
      client.get(siteRecord([server.origin], true), `${server.origin}/`, { signal: never, timeout: 60_000 })
    const [unread, begun] = await Promise.all([get(), get()])
    const pieces = begun.read(10_000)
    assert.equal(String((await pieces.next()).value), 'ten bytes.')
    cut.resolve()
    await closed.promise
    await assert.rejects(pieces.next(), { code: 'network' })
    await assert.rejects(Array.fromAsync(unread.read(10_000)), { code: 'network' })
  })

  test('invalid HTTP and a closed port are network failures', async () => {
    const nonsense = await speak('220 mail.example ESMTP\r\n', true)
    await assert.rejects(read(`${nonsense.origin}/`, nonsense.site), { code: 'network' })
    const gone = await startSite()
    await gone.close()
    await assert.rejects(read(`${gone.origin}/`, siteRecord([gone.origin], true)), { code: 'network' })
  })

  test("an aborted request fails with the signal's reason", async () => {
    const late = new PublisherError('timeout', 'the post took too long')
    const get = client.get(site, `${web.origin}/hang`, { signal: AbortSignal.abort(late), timeout })
    await assert.rejects(get, late)
  })

  test('a stop cancels a request in flight', async () => {
    web.routes.set('/hang', () => {})
    const stop = new AbortController()
    const get = client.get(site, `${web.origin}/hang`, { signal: stop.signal, timeout })
    stop.abort()
    await assert.rejects(get, { code: 'stopped' })
  })
})
