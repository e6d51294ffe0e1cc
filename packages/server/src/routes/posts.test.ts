import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { createPublisher } from '@peerpress/publisher'
import { openRegistry, type Registry } from '@peerpress/registry'
import express from 'express'
import { bodiesFrom } from '../entry/bodies.ts'
import { postRoutes } from './posts.ts'

describe('manifests and pages', { timeout: 120_000 }, () => {
  let directory: string
  let registry: Registry
  let site: string
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
    const http = express()
      .use(postRoutes({ publisher, bodies: bodiesFrom(() => '127.0.0.1'), mirrors: [] }))
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

  test('a manifest is sent compressed to clients that take it so, and plain to others', async () => {
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

  test('a manifest that the client has is answered 304, without body or encoding', async () => {
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

  test('a new version is sent as soon as it is recorded, and nothing once the site is removed', async () => {
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

  test('a manifest that does not exist, or cannot, is answered 404', async () => {
    for (const path of [manifestPath('none'), manifestPath('%00'), '/v1/sites/%00/posts/a/manifest'])
      assert.equal((await ask(path)).status, 404, path)
  })

  test('the page of a post is sent compressed or plain, and no more once the post has another', async () => {
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
})
