import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import { createAssetStore } from './assets/asset-store.ts'
import { defaultFetchLimits, type FetchLimits } from './fetch/fetch-limits.ts'
import { fetchPage } from './fetch/fetch-page.ts'
import { FirstLooks } from './fetch/first-looks.ts'
import { createPageReader } from './page/page-reader.ts'
import type { PublicationResult } from './manifest/publication.ts'
import { publishPost } from './manifest/publish-post.ts'
import type { Publisher } from './publisher.ts'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { createSiteClient } from './fetch/site-client.ts'
import { expectedAsset, mp4, png, startSite } from './test-site.testing.ts'

describe('publishing from a site that misbehaves', { timeout: 300_000 }, () => {
  let publishing: Publishing
  let publisher: Publisher
  let blog: Blog

  before(async () => {
    publishing = await startPublishing()
    publisher = publishing.publisher
  })
  after(() => publishing.close())
  beforeEach(async () => {
    blog = await publishing.startBlog()
  })
  afterEach(() => blog.web.close())

  test('leaves invalid, missing, empty, too large and foreign media to the origin, and publishes the rest', async () => {
    const good = blog.picture('good.png')
    blog.picture('large.png', png(3_000_001))
    blog.picture('empty.png', Buffer.alloc(0))
    blog.web.routes.set('/blog/page.png', { body: '<!doctype html><script>x</script>', type: 'image/png' })
    blog.web.routes.set('/blog/script.png', { body: 'alert(1)', type: 'text/javascript' })
    blog.web.routes.set('/blog/drawing.png', {
      body: '<svg xmlns="x"><script/></svg>',
      type: 'image/svg+xml',
    })
    blog.web.routes.set('/blog/style.pdf', { body: 'a{}', type: 'text/css' })
    blog.web.routes.set('/blog/away.png', {
      status: 302,
      headers: { location: 'http://169.254.169.254/latest' },
    })
    blog.web.routes.set('/blog/gone.png', { status: 410 })
    const names = ['good', 'large', 'empty', 'page', 'script', 'drawing', 'away', 'gone', 'missing']
    blog.serve(
      `${names.map((name) => `<img src="/blog/${name}.png">`).join('')}<a href="/blog/style.pdf">s</a>`,
    )
    const outcome = await blog.publish()
    assert.deepEqual(outcome.result === 'published' && outcome.leftOutCounts, {
      'too-large': 1,
      empty: 1,
      type: 4,
      'foreign-url': 1,
      gone: 2,
    })
    assert.deepEqual(
      (await blog.manifest()).assets.map(({ id }) => id),
      [expectedAsset(good).id],
    )
  })

  test('a post does not exceed the maximum size of a post', async () => {
    for (const name of ['a', 'b', 'c']) blog.picture(`${name}.png`, png(2_000_000))
    blog.serve('<img src="/blog/a.png"><img src="/blog/b.png"><img src="/blog/c.png">')
    const outcome = await blog.publish()
    assert.deepEqual(outcome.result === 'published' && outcome.leftOutCounts, { 'too-large': 1 })
  })

  test('tries a site that answers 500 again later, and then publishes the whole post', async () => {
    const body = png(3000)
    let asked = 0
    blog.web.routes.set('/blog/1.png', (_, response) => {
      asked++
      if (asked === 1) response.writeHead(500).end()
      else response.writeHead(200, { 'content-type': 'image/png' }).end(body)
    })
    blog.serve('<img src="/blog/1.png">')
    const first = await blog.publish()
    assert.deepEqual(first, {
      site: blog.siteId,
      post: '12',
      attempt: 0,
      result: 'published',
      version: 1,
      assets: 0,
      leftOut: [],
      leftOutCounts: {},
      pending: 1,
    })
    await publisher.settled(blog.siteId, '12', 2)
    assert.deepEqual(
      (await blog.manifest()).assets.map(({ id }) => id),
      [expectedAsset(body).id],
    )
  })

  test('a page that is not HTML fails the job and publishes nothing', async () => {
    blog.web.routes.set('/blog/post/', { body: '{}', type: 'application/json' })
    const outcome = await blog.publish()
    assert.equal(outcome.result === 'failed' && outcome.code, 'not-a-page')
    assert.equal(await publisher.manifest(blog.siteId, '12'), null)
  })

  test('does not fetch from a private address without permission, even if a name resolves to it', async () => {
    const url = `http://rebound.example:${new URL(blog.web.origin).port}`
    const input = { url, consent: 'assumed', allowPrivateAddresses: false } as const
    const { site } = await publishing.registry.sites.add(input)
    const failed = publishing.nextOutcome(site.id)
    await publisher.publish(site.id, '12', `${url}/post`)
    const outcome = await failed
    assert.equal(outcome.result === 'failed' && outcome.code, 'private-address')
    assert.equal(blog.web.requests.length, 0)
  })

  test('a site with endless pages holds one worker, and another site is published in the meantime', async () => {
    const begun = Promise.withResolvers<void>()
    const paths = ['/blog/a/', '/blog/b/', '/blog/c/', '/blog/d/', '/blog/e/']
    for (const path of paths) {
      blog.web.routes.set(path, (_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' }).write('<p>')
        begun.resolve()
      })
    }
    for (const path of paths) {
      await publisher.publish(blog.siteId, path.slice(6, 7), `${blog.web.origin}${path}`)
    }
    await begun.promise
    const other = await publishing.startBlog()
    try {
      other.serve('<p>')
      assert.equal((await other.publish()).result, 'published')
      assert.equal(blog.web.requests.length, 1)
    } finally {
      await other.web.close()
    }
  })

  test('publishes a post without endless assets, and gives them up after several failures', async () => {
    const good = blog.picture('good.png')
    blog.web.routes.set('/blog/endless.png', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(png(100))
    })
    blog.serve('<img src="/blog/good.png"><img src="/blog/endless.png">')
    const [task, context, close] = publication(blog, publishing, { postTimeout: 1500 })
    const { failure, ...first } = await publishPost({ ...task, attempt: 0 }, context)
    assert.match(failure?.message ?? '', /the post was not fetched/)
    assert.equal(failure?.code, 'timeout')
    const pending = { version: 1, assets: 1, leftOut: [], leftOutCounts: {}, pending: 1 }
    assert.deepEqual(first, { result: 'published', ...pending })
    const result = await publishPost({ ...task, attempt: 5 }, context)
    assert.deepEqual(result, {
      failure: null,
      result: 'unchanged',
      version: 1,
      assets: 1,
      leftOut: [{ url: `${blog.web.origin}/blog/endless.png`, reason: 'failing' }],
      leftOutCounts: { failing: 1 },
      pending: 0,
    })
    assert.equal((await blog.manifest()).assets[0]?.id, expectedAsset(good).id)
    await close()
  })

  test('an asset that keeps failing does not block the post for ever', async () => {
    const good = blog.picture('good.png')
    blog.web.routes.set('/blog/bad.png', { status: 500 })
    blog.serve('<img src="/blog/good.png"><img src="/blog/bad.png">')
    const [task, context, close] = publication(blog, publishing)
    const { failure } = await publishPost({ ...task, attempt: 4 }, context)
    assert.equal(failure?.code, 'bad-status')
    const result = await publishPost({ ...task, attempt: 5 }, context)
    assert.deepEqual(result, {
      failure: null,
      result: 'unchanged',
      version: 1,
      assets: 1,
      leftOut: [{ url: `${blog.web.origin}/blog/bad.png`, reason: 'failing' }],
      leftOutCounts: { failing: 1 },
      pending: 0,
    })
    assert.equal((await blog.manifest()).assets[0]?.id, expectedAsset(good).id)
    await close()
  })

  test('publishes a post with the media that have arrived, and again with the rest; known assets stay', async () => {
    const known = blog.picture('known.png')
    blog.serve('<img src="/blog/known.png">')
    assert.equal((await blog.publish()).result, 'published')
    const [task, context, close, early] = publication(blog, publishing, { publishAfter: 0 })
    const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
    const slow = png(4000)
    blog.web.routes.set('/blog/known.png', (_, response) => {
      held[0].promise.then(
        () => response.writeHead(200, { 'content-type': 'image/png' }).end(known),
        assert.fail,
      )
    })
    blog.web.routes.set('/blog/slow.png', (_, response) => {
      held[1].promise.then(
        () => response.writeHead(200, { 'content-type': 'image/png' }).end(slow),
        assert.fail,
      )
    })
    blog.serve('<body><img src="/blog/known.png"><img src="/blog/slow.png">')
    const published = Promise.withResolvers<void>()
    const onEarly = async (result: PublicationResult) => {
      await task.onEarly(result)
      published.resolve()
    }
    const whole = publishPost({ ...task, attempt: 0, onEarly }, context)
    await published.promise
    const none = { leftOut: [], leftOutCounts: {} }
    assert.deepEqual(early, [{ result: 'published', version: 2, assets: 1, ...none, pending: 2 }])
    assert.deepEqual(
      (await blog.manifest()).assets.map(({ id }) => id),
      [expectedAsset(known).id],
    )
    for (const { resolve } of held) resolve()
    assert.deepEqual(await whole, {
      failure: null,
      result: 'published',
      version: 3,
      assets: 2,
      ...none,
      pending: 0,
    })
    await close()
  })

  test('publishes a post as soon as its media have arrived, without waiting for an early version', async () => {
    blog.picture('1.png')
    blog.serve('<img src="/blog/1.png">')
    const [task, context, close, early] = publication(blog, publishing, { publishAfter: 3_600_000 })
    assert.equal((await publishPost({ ...task, attempt: 0 }, context)).result, 'published')
    assert.deepEqual(early, [])
    await close()
  })

  test('a published asset stays if its origin fails for a long time', async () => {
    const known = blog.picture('known.png')
    blog.serve('<img src="/blog/known.png">')
    const [task, context, close] = publication(blog, publishing)
    await publishPost({ ...task, attempt: 0 }, context)
    blog.web.routes.set('/blog/known.png', { status: 503 })
    for (const attempt of [0, 5]) {
      assert.equal((await publishPost({ ...task, attempt }, context)).result, 'unchanged')
      assert.equal((await blog.manifest()).assets[0]?.id, expectedAsset(known).id)
    }
    await close()
  })

  test('permanent failures do not delay the post, and are not repeated until the page changes', async () => {
    blog.picture('good.png')
    blog.web.routes.set('/blog/pixel', { status: 204 })
    blog.web.routes.set('/blog/part.png', {
      status: 206,
      body: png(100),
      type: 'image/png',
      headers: { 'content-range': 'bytes 0-99/200' },
    })
    blog.web.routes.set('/blog/loop.png', { status: 302, headers: { location: '/blog/loop.png' } })
    const garbage = Buffer.concat([gzipSync(png(100)), Buffer.from('garbage')])
    const gzip = { 'content-encoding': 'gzip' }
    blog.web.routes.set('/blog/garbage.png', { body: garbage, type: 'image/png', headers: gzip })
    blog.web.routes.set('/blog/captcha.png', {
      body: png(100),
      type: 'image/png',
      headers: { 'cache-control': 'no-store, private' },
    })
    blog.web.routes.set('/blog/cookie.png', {
      body: png(100),
      type: 'image/png',
      headers: { 'set-cookie': 'a=1' },
    })
    blog.web.routes.set('/blog/accept.png', {
      body: png(100),
      type: 'image/png',
      headers: { vary: 'Accept' },
    })
    const reasons = {
      pixel: 'status',
      'part.png': 'status',
      'loop.png': 'too-many-redirects',
      'garbage.png': 'bad-encoding',
      'captcha.png': 'no-store',
      'cookie.png': 'set-cookie',
      'accept.png': 'vary',
    }
    const names = Object.keys(reasons)
    const html = ['good.png', ...names].map((name) => `<img src="/blog/${name}">`).join('')
    blog.serve(html)
    const leftOut = Object.entries(reasons).map(([name, reason]) => ({
      url: `${blog.web.origin}/blog/${name}`,
      reason,
    }))
    const first = await blog.publish()
    assert.deepEqual(first.result === 'published' && [first.leftOut, first.pending], [leftOut, 0])
    const asked = () => names.map((name) => blog.web.count(`/blog/${name}`))
    const once = asked()
    assert.deepEqual(once, [1, 1, 6, 1, 1, 1, 1])
    const again = await blog.publish()
    assert.deepEqual(again.result === 'unchanged' && again.leftOut, leftOut)
    assert.deepEqual(asked(), once)
    blog.serve(`${html}<p>new words`)
    await blog.publish()
    assert.equal(blog.web.count('/blog/pixel'), 2)
  })

  test('an attempt does not repeat the fetches of the previous one', async () => {
    let fails = true
    blog.picture('good.png')
    blog.web.routes.set('/blog/bad.png', (_, response) => {
      if (fails) response.writeHead(500).end()
      else response.writeHead(200, { 'content-type': 'image/png' }).end(png(200))
      fails = false
    })
    blog.serve('<img src="/blog/good.png"><img src="/blog/bad.png">')
    await blog.publish()
    await publisher.settled(blog.siteId, '12', 2)
    assert.equal((await blog.manifest()).assets.length, 2)
    assert.deepEqual([blog.web.count('/blog/good.png'), blog.web.count('/blog/bad.png')], [1, 2])
    await blog.publish()
    assert.equal(blog.web.count('/blog/good.png'), 2)
  })

  test('publishes the read part of a page that is too long or names too many media, with the reason', async () => {
    const good = blog.picture('good.png')
    blog.serve(`<body><img src="/blog/good.png">${' '.repeat(2000)}<img src="/blog/late.png">`)
    const [task, context, close] = publication(blog, publishing, { maxPage: 2000 })
    const result = await publishPost({ ...task, attempt: 0 }, context)
    assert.deepEqual(result.result === 'published' && result.leftOut, [
      { url: blog.postUrl, reason: 'page-too-long' },
    ])
    const { assets, snapshot } = await blog.manifest()
    assert.deepEqual([assets.map(({ id }) => id), snapshot], [[expectedAsset(good).id], undefined])
    const many = Array.from({ length: 2001 }, (_, index) => `<img src="/blog/${index}.png">`)
    blog.serve(many.join(''))
    const { media, leftOut } = await fetchPage(task.site, task.url, {
      ...context,
      ...task,
      limits: defaultFetchLimits,
    }).then((page) => (page.public ? page : assert.fail()))
    assert.equal(media.length, 2000)
    assert.deepEqual(leftOut, [{ url: `${blog.web.origin}/blog/2000.png`, reason: 'too-many' }])
    await close()
  })

  test('headers that browsers interpret leniently do not block a post or its media', async () => {
    const office = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    const none = { 'content-encoding': 'none' }
    blog.web.routes.set('/blog/plain.png', { body: png(100), type: 'image/png', headers: none })
    blog.web.routes.set('/blog/s3.png', { body: png(101), type: 'binary/octet-stream' })
    blog.web.routes.set('/blog/wrong.jpg', { body: png(102), type: 'image/jpeg' })
    const disposition = 'attachment; filename="Quarterly report 2026.docx"'
    const named = { 'content-disposition': disposition }
    blog.web.routes.set('/blog/a.docx', { body: 'PK\x03\x04', type: office, headers: named })
    const long = { 'content-disposition': `attachment; filename="${'a'.repeat(300)}.zip"` }
    blog.web.routes.set('/blog/b.zip', { body: 'PK\x03\x04', type: 'application/zip', headers: long })
    blog.web.routes.set('/blog/post/', (_, response) => {
      response
        .setHeader('content-encoding', 'UTF-8')
        .setHeader('content-type', ['text/html', 'text/html; charset=utf-8'])
        .end(`<img src="/blog/plain.png"><img src="/blog/s3.png"><img src="/blog/wrong.jpg">
          <a href="/blog/a.docx">a</a><a href="/blog/b.zip">b</a>`)
    })
    const outcome = await blog.publish()
    assert.deepEqual(outcome.result === 'published' && outcome.leftOut, [
      { url: `${blog.web.origin}/blog/b.zip`, reason: 'disposition' },
    ])
    const pictures = ['image/png', 'image/png', 'image/png'].map((type) => ({ type, name: undefined }))
    assert.deepEqual(
      (await blog.manifest()).assets.map((asset) => ({ type: asset.type, name: asset.disposition })),
      [...pictures, { type: office, name: disposition }],
    )
    assert.equal((await blog.publish()).result, 'unchanged')
  })

  test('publishes media of another origin if the page may read them, and gives the reason otherwise', async () => {
    const cdn = await startSite()
    try {
      const url = `${blog.web.origin}/`
      const input = { url, origins: [cdn.origin], consent: 'assumed', allowPrivateAddresses: true } as const
      const { site } = await publishing.registry.sites.add(input)
      const cors = { 'access-control-allow-origin': blog.web.origin, vary: 'Origin' }
      const type = 'image/png'
      cdn.routes.set('/named.png', { body: png(100), type, headers: cors })
      cdn.routes.set('/any.png', { body: png(101), type, headers: { 'access-control-allow-origin': '*' } })
      cdn.routes.set('/none.png', { body: png(102), type })
      cdn.routes.set('/other.png', {
        body: png(103),
        type,
        headers: { 'access-control-allow-origin': 'https://other.example' },
      })
      cdn.routes.set('/file.zip', { body: 'PK', type: 'application/zip', headers: cors })
      cdn.routes.set('/hidden.mp4', { body: mp4(100), type: 'video/mp4', headers: cors })
      const exposing = { ...cors, 'access-control-expose-headers': 'Content-Length, Content-Range' }
      cdn.routes.set('/exposed.mp4', { body: mp4(101), type: 'video/mp4', headers: exposing })
      blog.web.routes.set('/blog/sent-on.png', {
        status: 302,
        headers: { location: `${cdn.origin}/none.png` },
      })
      blog.serve(`${['named', 'any', 'none', 'other'].map((name) => `<img src="${cdn.origin}/${name}.png">`).join('')}
        <img src="/blog/sent-on.png"><a href="${cdn.origin}/file.zip">file</a>
        <video src="${cdn.origin}/hidden.mp4"></video><video src="${cdn.origin}/exposed.mp4"></video>`)
      const outcome = publishing.nextOutcome(site.id)
      await publisher.publish(site.id, '12', blog.postUrl)
      const done = await outcome
      assert.deepEqual(done.result === 'published' && done.leftOut, [
        { url: `${cdn.origin}/none.png`, reason: 'no-cors' },
        { url: `${cdn.origin}/other.png`, reason: 'no-cors' },
        { url: `${blog.web.origin}/blog/sent-on.png`, reason: 'no-cors' },
        { url: `${cdn.origin}/file.zip`, reason: 'other-origin-file' },
        { url: `${cdn.origin}/hidden.mp4`, reason: 'no-cors' },
      ])
      const { envelope } = (await publishing.registry.posts.get(site.id, '12')) ?? assert.fail()
      assert.deepEqual(
        decodeManifest(decodeEnvelope(envelope).payload).assets.map((asset) => asset.url),
        ['named.png', 'any.png', 'exposed.mp4'].map((name) => `${cdn.origin}/${name}`),
      )
      assert.ok(cdn.requests.every(({ headers }) => headers.origin === blog.web.origin))
      // This server omits the CORS headers in a 304, as many do.
      const again = publishing.nextOutcome(site.id)
      await publisher.publish(site.id, '12', blog.postUrl)
      assert.equal((await again).result, 'unchanged')
      assert.ok(cdn.requests.some(({ headers }) => headers['if-none-match'] !== undefined))
      assert.ok(blog.web.requests.every(({ headers }) => headers.origin === undefined))
    } finally {
      await cdn.close()
    }
  })
})

/** Returns the arguments for publishing the blog's post, with a store of its own. */
function publication(blog: Blog, { registry }: Publishing, changed: Partial<FetchLimits> = {}) {
  const limits = { ...defaultFetchLimits, ...changed }
  const client = createSiteClient({ limits })
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-failing-'))
  const store = createAssetStore(directory)
  const pages = createPageReader()
  const { site } = blog.connected
  const { signal } = new AbortController()
  const early: PublicationResult[] = []
  const onEarly = async (result: PublicationResult) => {
    early.push(result)
  }
  const task = { site, post: '12', url: blog.postUrl, revoke: false, signal, onEarly }
  const close = async () => {
    await Promise.all([client.close(), pages.close()])
    rmSync(directory, { recursive: true })
  }
  return [task, { registry, client, pages, store, limits, looks: new FirstLooks() }, close, early] as const
}
