import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { decodeSnapshot, maxSnapshotSize } from '@peerpress/wire'
import { snapshotOf } from './page-snapshot.ts'
import { readPage } from './read-page.ts'
import { type Blog, type Publishing, startPublishing } from '../publishing.testing.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** Returns the snapshot of a page that is served with these header fields. */
function snapshot(html: string | Buffer, fields: Readonly<Record<string, string>> = {}) {
  const said: Readonly<Record<string, string>> = { 'content-type': 'text/html; charset=UTF-8', ...fields }
  const bytes = Buffer.from(html)
  const { body } = readPage({ html: bytes, url: 'https://blog.example/', origins: [], maxMedia: 0 })
  return snapshotOf({ header: (name) => said[name] ?? null }, { html: bytes, body })
}

describe('a page as a snapshot', () => {
  test('its body starts after the real tag, counted in bytes', () => {
    const head = '\u{feff}<!doctype html><title>Grüße <body></title><!--[if IE]><body class="ie"><![endif]-->'
    const found = snapshot(`${head}<BODY class="a>b">Grüße`)
    assert.equal(found?.html.subarray(found.body).toString(), 'Grüße')
  })

  test('has the policies that the page was served with, and no other headers', () => {
    const policy = "default-src 'self'"
    const found = snapshot('<body>', { 'content-security-policy': policy, 'set-cookie': 'a=b' })
    assert.deepEqual(found?.headers, { 'content-security-policy': policy })
  })

  test('is null if no copy may be stored, or if it could not be marked or restricted like the page', () => {
    assert.notEqual(snapshot('<body>'), null)
    assert.equal(snapshot('<p>no body tag'), null)
    assert.equal(snapshot('<body>', { 'cache-control': 'no-cache, no-store' }), null)
    assert.equal(snapshot('<body>', { 'cache-control': 'private' }), null)
    assert.equal(snapshot('<body>', { 'content-type': 'application/xhtml+xml' }), null)
    assert.equal(snapshot('<body>', { 'content-type': 'text/html; charset=iso-8859-1' }), null)
    assert.equal(snapshot(Buffer.from('<body>\xfc', 'latin1')), null)
    assert.equal(snapshot(`<body>${'a'.repeat(maxSnapshotSize)}`), null)
    assert.equal(snapshot('<body>', { 'content-security-policy': 'a'.repeat(9000) }), null)
  })
})

describe('publishing a page', { timeout: 300_000 }, () => {
  let publishing: Publishing
  let blog: Blog

  before(async () => {
    publishing = await startPublishing()
  })
  after(() => publishing.close())
  beforeEach(async () => {
    blog = await publishing.startBlog()
  })
  afterEach(() => blog.web.close())

  const published = async () => decodeSnapshot((await blog.manifest()).snapshot)

  test('stores its snapshot beside the assets, and lists it in the manifest separately', async () => {
    const html = '<title>A</title><body>Text'
    blog.serve(html)
    await blog.publish()
    const { id, ...rest } = await published()
    assert.equal(id, sha256(sha256(Buffer.from(html))).toString('hex'))
    assert.deepEqual(rest, { size: html.length, body: html.indexOf('Text'), headers: {} })
    assert.deepEqual((await blog.manifest()).assets, [])
    const file = (await publishing.publisher.asset(id)) ?? assert.fail('no file')
    assert.equal(readFileSync(file.path, 'utf8'), html)
  })

  test('an edit replaces the snapshot, and the old one is no longer served or stored', async () => {
    blog.serve('<body>Before')
    await blog.publish()
    const { id } = await published()
    const { path } = (await publishing.publisher.asset(id)) ?? assert.fail('no file')
    blog.serve('<body>After')
    assert.equal((await blog.publish()).result, 'published')
    assert.equal(await publishing.publisher.asset(id), null)
    assert.ok(!existsSync(path))
    assert.notEqual(await publishing.publisher.asset((await published()).id), null)
  })

  test('revoking the post removes the snapshot', async () => {
    blog.serve('<body>Text')
    await blog.publish()
    const { id } = await published()
    const { path } = (await publishing.publisher.asset(id)) ?? assert.fail('no file')
    const outcome = blog.nextOutcome()
    await blog.send('post.unpublished')
    assert.equal((await outcome).result, 'revoked')
    assert.equal((await blog.manifest()).snapshot, undefined)
    assert.equal(await publishing.publisher.asset(id), null)
    assert.ok(!existsSync(path))
  })
})
