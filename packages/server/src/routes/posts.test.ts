import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, mock, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { type AssetFile, createPublisher } from '@peerpress/publisher'
import { openRegistry, type Registry } from '@peerpress/registry'
import express from 'express'
import { bodiesFrom } from '../entry/bodies.ts'
import { problemHandler } from '../entry/problem.ts'
import { postRoutes } from './posts.ts'

describe('manifests and pages', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let site: string
  let webhookSecret: string
  let port: number
  let close: () => Promise<void>

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-posts-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
    const added = await registry.sites.add({
      url: 'https://blog.example',
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    site = added.site.id
    webhookSecret = added.webhookSecret
    const http = express()
      .use(postRoutes({ publisher, bodies: bodiesFrom(() => '127.0.0.1'), mirrors: [] }))
      .listen(0, '127.0.0.1')
    await once(http, 'listening')
    port = (http.address() as AddressInfo).port
    close = async () => {
      http.close()
      http.closeAllConnections()
      await registry.jobs.stop()
      await registry.close()
      await rm(directory, { recursive: true })
    }
  })
  after(() => close())

  /** Publishes the post; returns its manifest. */
  async function record(
    post: string,
    version: number,
    snapshot?: { readonly id: string; readonly size: number },
  ) {
    const envelope = JSON.stringify({ version, payload: 'abcdef'.repeat(1000) })
    const url = `https://blog.example/${post}`
    await registry.posts.record({
      site,
      post,
      url,
      version,
      revoked: false,
      envelope,
      assets: [],
      ...(snapshot && { snapshot }),
    })
    return envelope
  }

  /** Answers as they come over the wire: `fetch` would decompress them. */
  async function ask(path: string, headers: Readonly<Record<string, string>> = {}) {
    const request = get({ port, path, headers })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    const parts: Buffer[] = []
    for await (const part of response) parts.push(part as Buffer)
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }
  }
  const manifestPath = (post: string) => `/v1/sites/${site}/posts/${post}/manifest`

  test('a manifest is sent compressed to clients that accept it, and plain to others', async () => {
    const envelope = await record('a', 1)
    const plain = await ask(manifestPath('a'))
    assert.equal(String(plain.body), envelope)
    assert.equal(plain.headers['content-encoding'], undefined)
    assert.equal(plain.headers['content-type'], 'application/json; charset=utf-8')
    assert.equal(plain.headers['cache-control'], 'no-cache')
    const compressed = await ask(manifestPath('a'), { 'Accept-Encoding': 'gzip, br' })
    assert.equal(compressed.headers['content-encoding'], 'gzip')
    assert.equal(String(gunzipSync(compressed.body)), envelope)
    for (const { headers } of [plain, compressed]) assert.equal(headers.vary, 'Accept-Encoding')
    assert.equal(plain.headers.etag, compressed.headers.etag)
    const refusing = await ask(manifestPath('a'), { 'Accept-Encoding': 'gzip;q=0' })
    assert.equal(String(refusing.body), envelope)
  })

  test('a manifest that the client has already is answered 304, without body or encoding', async () => {
    await record('b', 1)
    const { etag = '' } = (await ask(manifestPath('b'))).headers
    const conditions = [
      { 'If-None-Match': etag },
      { 'If-None-Match': etag, 'Accept-Encoding': 'gzip' },
      { 'If-None-Match': etag, 'Cache-Control': 'no-cache' },
      { 'If-None-Match': `"x", ${etag.slice(2)}` },
      { 'If-None-Match': '*' },
    ]
    for (const headers of conditions) {
      const answer = await ask(manifestPath('b'), headers)
      assert.equal(answer.status, 304)
      assert.equal(answer.body.length, 0)
      assert.equal(answer.headers['content-encoding'], undefined)
      assert.equal(answer.headers.etag, etag)
    }
    const other = await ask(manifestPath('b'), { 'If-None-Match': '"x"' })
    assert.equal(other.status, 200)
  })

  test('a new version is sent as soon as it is recorded, and nothing after the site is removed', async () => {
    const gone = await registry.sites.add({
      url: 'https://gone.example',
      consent: 'assumed',
      allowPrivateAddresses: false,
    })
    const path = `/v1/sites/${gone.site.id}/posts/a/manifest`
    const [first, second] = ['{"version":1}', '{"version":2}'] as const
    const publication = {
      site: gone.site.id,
      post: 'a',
      url: 'https://gone.example/a',
      revoked: false,
      assets: [],
    }
    await registry.posts.record({ ...publication, version: 1, envelope: first })
    const { body, headers } = await ask(path)
    assert.equal(String(body), first)
    await registry.posts.record({ ...publication, version: 2, envelope: second })
    const next = await ask(path, { 'If-None-Match': headers.etag ?? '' })
    assert.equal(String(next.body), second)
    await registry.sites.remove(gone.site.id)
    assert.equal((await ask(path)).status, 404)
  })

  test('one event is answered as in release 0.1, a batch with the outcome of its events', async () => {
    const event = (id: string, post: string) => ({
      id,
      type: 'post.published',
      timestamp: '2026-01-01T00:00:00Z',
      data: { post, url: 'https://blog.example/' },
    })
    const { id, ...single } = event('evt_1', '12')
    assert.deepEqual(await send(id, single), [202, { accepted: true }])
    const events = [event('evt_1', '12'), event('evt_2', '13'), event('evt_3', '../13')]
    const [status, receipt] = await send('msg_1', { type: 'batch', home_url: 'https://blog.example', events })
    assert.equal(status, 202)
    assert.deepEqual(receipt, {
      accepted: 1,
      repeated: 1,
      refused: [
        { id: 'evt_3', code: 'bad-event', detail: (receipt.refused as { detail: string }[])[0]?.detail },
      ],
    })
    const copied = await send('msg_2', { type: 'batch', home_url: 'https://staging.blog.example', events })
    assert.deepEqual([copied[0], copied[1].code], [409, 'other-home'])
  })

  /** Posts a message signed by hand; resolves with status and JSON. */
  async function send(id: string, message: object): Promise<[number, Record<string, unknown>]> {
    const body = JSON.stringify(message)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
    const answer = await fetch(`http://127.0.0.1:${port}/v1/sites/${site}/events`, {
      method: 'POST',
      headers: {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      },
      body,
    })
    return [answer.status, (await answer.json()) as Record<string, unknown>]
  }

  test('a manifest that does not exist, or has an impossible id, is answered 404', async () => {
    for (const path of [manifestPath('none'), manifestPath('%00'), '/v1/sites/%00/posts/a/manifest'])
      assert.equal((await ask(path)).status, 404, path)
  })

  test('the page of a post is sent compressed or plain, until the post has another page', async () => {
    const id = randomBytes(32).toString('hex')
    const html = Buffer.from(`<!doctype html>${'<p>text</p>'.repeat(1000)}`)
    await mkdir(join(directory, 'assets', id.slice(0, 2)), { recursive: true })
    await writeFile(join(directory, 'assets', id.slice(0, 2), id.slice(2)), html)
    await record('page', 1, { id, size: html.length })
    const compressed = await ask(`/v1/mirror/${id}`, { 'Accept-Encoding': 'gzip' })
    assert.equal(compressed.headers['content-encoding'], 'gzip')
    assert.deepEqual(gunzipSync(compressed.body), html)
    const plain = await ask(`/v1/mirror/${id}`)
    assert.deepEqual(plain.body, html)
    for (const { headers } of [compressed, plain]) {
      assert.equal(headers['content-type'], 'application/octet-stream')
      assert.equal(headers['x-robots-tag'], 'noindex')
      assert.equal(headers['cache-control'], 'public, max-age=300')
      assert.equal(headers.vary, 'Accept-Encoding')
    }
    const { status } = await ask(`/v1/mirror/${id}`, { 'If-None-Match': plain.headers.etag ?? '' })
    assert.equal(status, 304)
    await record('page', 2)
    assert.equal((await ask(`/v1/mirror/${id}`)).status, 404)
  })

  test('a released asset is 410, an unknown one 404', async () => {
    const id = randomBytes(32).toString('hex')
    const body = randomBytes(1000)
    await mkdir(join(directory, 'assets', id.slice(0, 2)), { recursive: true })
    await writeFile(join(directory, 'assets', id.slice(0, 2), id.slice(2)), body)
    const post = { site, post: 'media', url: 'https://blog.example/media', envelope: '{}' }
    const asset = {
      id,
      url: 'https://blog.example/1.png',
      type: 'image/png',
      size: body.length,
      chunkSize: 65_536,
      hashes: randomBytes(32),
      etag: null,
      lastModified: null,
    }
    await registry.posts.record({ ...post, version: 1, revoked: false, assets: [asset] })
    assert.deepEqual((await ask(`/v1/mirror/${id}`)).body, body)
    await registry.posts.record({ ...post, version: 2, revoked: true, assets: [] })
    for (const [path, status, code] of [
      [id, 410, 'released-asset'],
      [randomBytes(32).toString('hex'), 404, 'unknown-asset'],
      ['no-id', 404, 'unknown-asset'],
    ] as const) {
      const answer = await ask(`/v1/mirror/${path}`)
      assert.equal(answer.status, status)
      assert.equal((JSON.parse(String(answer.body)) as { code: string }).code, code)
      assert.equal(answer.headers['cache-control'], 'no-store')
      assert.equal(answer.headers['access-control-allow-origin'], '*')
    }
    await registry.posts.record({ ...post, version: 3, revoked: false, assets: [asset] })
    assert.equal((await ask(`/v1/mirror/${id}`)).status, 200)
  })
})

describe('the download of an asset', { timeout: 120_000 }, () => {
  const id = 'a'.repeat(64)
  /** More than the buffers of both sides of a connection hold. */
  const size = 32 * 1024 * 1024
  /** `answer`: a request has come, with its response; `failure`: a route rejected, and the last handler has dealt with it. */
  const events = new EventEmitter()
  let directory: string
  let port: number
  let lookUp: () => Promise<AssetFile | null>
  let close: () => Promise<void>
  const log = mock.method(console, 'error', () => {})

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-download-'))
    await writeFile(join(directory, 'asset'), Buffer.alloc(size))
    const registry = await openRegistry({ directory: join(directory, 'registry') })
    const publisher = createPublisher({ registry, directory: join(directory, 'assets') })
    const told = { ...publisher, asset: () => lookUp() }
    const last: typeof problemHandler = (error, request, response, next) => {
      problemHandler(error, request, response, next)
      events.emit('failure', error)
    }
    const http = express()
      .use((_request, response, next) => {
        events.emit('answer', response)
        next()
      })
      .use(postRoutes({ publisher: told, bodies: bodiesFrom(() => '127.0.0.1'), mirrors: [] }))
      .use(last)
      .listen(0, '127.0.0.1')
    await once(http, 'listening')
    port = (http.address() as AddressInfo).port
    close = async () => {
      http.close()
      http.closeAllConnections()
      await registry.close()
      await rm(directory, { recursive: true })
    }
  })
  after(async () => {
    log.mock.restore()
    await close()
  })

  const asset = (path: string) => ({ path: join(directory, path), type: 'image/png', size })
  function ask() {
    const request = get({ port, path: `/v1/mirror/${id}` })
    request.on('error', () => undefined)
    return request
  }

  test('is no error if its client leaves in the middle', async () => {
    lookUp = async () => asset('asset')
    log.mock.resetCalls()
    const failure = once(events, 'failure')
    const request = ask()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    await once(response, 'readable')
    response.on('error', () => undefined)
    request.destroy()
    await failure
    assert.deepEqual(
      log.mock.calls.map((call) => call.arguments),
      [],
    )
  })

  /** Asks, leaves, and has the asset looked up only then. */
  async function leaveEarly(answer: () => Promise<AssetFile | null>) {
    const asked = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    lookUp = async () => {
      asked.resolve()
      await left.promise
      return answer()
    }
    log.mock.resetCalls()
    const failure = once(events, 'failure')
    const answered = once(events, 'answer')
    const request = ask()
    const [response] = (await answered) as [EventEmitter]
    await asked.promise
    const closed = once(response, 'close')
    request.destroy()
    await closed
    left.resolve()
    await failure
  }

  test('is no error if its client leaves before it begins', async () => {
    await leaveEarly(async () => asset('asset'))
    assert.deepEqual(
      log.mock.calls.map((call) => call.arguments),
      [],
    )
  })

  test('is logged if it fails, whether its client waits or not', async () => {
    await leaveEarly(() => Promise.reject(new Error('the disk is gone')))
    assert.match(String(log.mock.calls[0]?.arguments[0]), /the disk is gone/)
    // A folder cannot be sent.
    lookUp = async () => asset('assets/..')
    log.mock.resetCalls()
    const [response] = (await once(ask(), 'response')) as [IncomingMessage]
    response.resume()
    assert.equal(response.statusCode, 500)
    assert.match(String(log.mock.calls[0]?.arguments[0]), /EISDIR/)
  })

  test('answers whole, partial, unchanged and out-of-range requests without an error', async () => {
    lookUp = async () => asset('asset')
    log.mock.resetCalls()
    const url = `http://127.0.0.1:${port}/v1/mirror/${id}`
    const whole = await fetch(url)
    assert.equal((await whole.arrayBuffer()).byteLength, size)
    const etag = whole.headers.get('etag') ?? ''
    for (const [init, status, length] of [
      [{ method: 'HEAD' }, 200, 0],
      [{ headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' } }, 304, 0],
      [{ headers: { Range: 'bytes=10-19' } }, 206, 10],
      [{ headers: { Range: `bytes=${size}-` } }, 416, null],
      [{ headers: { 'If-Match': '"x"' } }, 412, null],
    ] as const) {
      const answer = await fetch(url, init)
      assert.equal(answer.status, status)
      const { byteLength } = await answer.arrayBuffer()
      if (length !== null) assert.equal(byteLength, length)
    }
    assert.equal(log.mock.callCount(), 0)
  })

  test('is refused without a path in the answer if the file was removed after the look-up', async () => {
    lookUp = async () => asset('removed')
    const [response] = (await once(ask(), 'response')) as [IncomingMessage]
    const body = await response.setEncoding('utf8').reduce((text, part) => text + part, '')
    assert.equal(response.statusCode, 404)
    assert.equal((JSON.parse(body) as { code: string }).code, 'unknown-asset')
    assert.ok(!body.includes(directory), body)
  })

  const etag = `"${id}"`
  for (const [headers, status, part] of [
    [{ Range: 'bytes=-200000000' }, 206, [0, size - 1]],
    [{ Range: 'bytes=-10' }, 206, [size - 10, size - 1]],
    [{ Range: 'bytes=0-9,10-19' }, 206, [0, 19]],
    [{ Range: 'bytes=0-9', 'If-Range': etag }, 206, [0, 9]],
    [{ Range: 'bytes=0-9,100-109' }, 200, null],
    [{ Range: 'bytes=5-4' }, 200, null],
    [{ Range: 'bytes=0-9', 'If-Range': `W/${etag}` }, 200, null],
    [{ Range: 'bytes=0-9', 'If-Range': 'Fri, 01 Jan 2038 00:00:00 GMT' }, 200, null],
    [{ Range: 'bytes=999999999-', 'If-None-Match': etag }, 304, null],
  ] as const) {
    test(`is ${part === null ? status : part.join('-')} to ${JSON.stringify(headers)}`, async () => {
      lookUp = async () => asset('asset')
      const request = get({ port, path: `/v1/mirror/${id}`, headers })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      assert.equal(response.statusCode, status)
      assert.equal(
        response.headers['content-range'],
        part === null ? undefined : `bytes ${part.join('-')}/${size}`,
      )
      assert.equal(response.headers['cache-control'], 'public, max-age=86400, immutable')
      assert.equal(response.headers.etag, etag)
      response.on('error', () => undefined).destroy()
    })
  }

  test('is whole to HEAD, which has no ranges', async () => {
    lookUp = async () => asset('asset')
    const answer = await fetch(`http://127.0.0.1:${port}/v1/mirror/${id}`, {
      method: 'HEAD',
      headers: { Range: 'bytes=0-9' },
    })
    assert.deepEqual([answer.status, answer.headers.get('content-length')], [200, String(size)])
  })

  for (const [headers, status, code] of [
    [{ Range: 'bytes=999999999-' }, 416, 'unsatisfiable-range'],
    [{ 'If-Match': '"x"' }, 412, 'precondition-failed'],
  ] as const) {
    test(`refused with ${status} is in no cache`, async () => {
      lookUp = async () => asset('asset')
      const answer = await fetch(`http://127.0.0.1:${port}/v1/mirror/${id}`, { headers })
      assert.equal(answer.status, status)
      assert.equal(((await answer.json()) as { code: string }).code, code)
      assert.equal(answer.headers.get('content-type'), 'application/problem+json; charset=utf-8')
      assert.equal(answer.headers.get('cache-control'), 'no-store')
      for (const header of ['etag', 'last-modified']) assert.equal(answer.headers.get(header), null)
      assert.equal(answer.headers.get('content-range'), status === 416 ? `bytes */${size}` : null)
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    })
  }

  test('with Range is allowed by preflight to pages of other origins', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/mirror/${id}`, {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://blog.example',
        'Access-Control-Request-Method': 'GET',
        'Access-Control-Request-Headers': 'range',
      },
    })
    assert.equal(answer.status, 204)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.equal(answer.headers.get('access-control-allow-headers'), 'Range')
    assert.equal(answer.headers.get('access-control-allow-methods'), 'GET, HEAD')
  })
})
