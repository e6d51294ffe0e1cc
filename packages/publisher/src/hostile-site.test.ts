import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import { defaultFetchLimits } from './fetch/fetch-limits.ts'
import { fetchPage } from './fetch/fetch-page.ts'
import { publishPost } from './manifest/publish-post.ts'
import type { Publisher } from './publisher.ts'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { expectedAsset, mp4, png, startSite } from './test-site.testing.ts'
import { publication } from './publication.testing.ts'

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

  test('leaves invalid, missing, too large and foreign media to the origin, and publishes the rest', async () => {
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
