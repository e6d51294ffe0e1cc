import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { PublicationResult } from './manifest/publication.ts'
import { publishPost } from './manifest/publish-post.ts'
import type { Publisher } from './publisher.ts'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { expectedAsset, png } from './test-site.testing.ts'
import { publication } from './publication.testing.ts'

describe('publishing from a site whose media fail or take long', { timeout: 300_000 }, () => {
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
})
