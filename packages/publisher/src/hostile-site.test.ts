import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { createAssetStore } from './asset-store.ts'
import { defaultFetchLimits, type FetchLimits } from './fetch-limits.ts'
import { createPageReader } from './page/page-reader.ts'
import { publishPost } from './publish-post.ts'
import type { Publisher } from './publisher.ts'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { createSiteClient } from './site-client.ts'
import { expectedAsset, png } from './test-site.testing.ts'

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

  test('what is not media, gone, empty, too large or elsewhere is left to the origin, the rest is published', async () => {
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

  test('a post has no more bytes than a post may have', async () => {
    for (const name of ['a', 'b', 'c']) blog.picture(`${name}.png`, png(2_000_000))
    blog.serve('<img src="/blog/a.png"><img src="/blog/b.png"><img src="/blog/c.png">')
    const outcome = await blog.publish()
    assert.deepEqual(outcome.result === 'published' && outcome.leftOutCounts, { 'too-large': 1 })
  })

  test('a site that answers 500 is asked again later, and the post is published whole', async () => {
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
      result: 'failed',
      code: 'bad-status',
      message: 'an asset answered 500',
    })
    await publisher.settled(blog.siteId, '12', 1)
    assert.deepEqual(
      (await blog.manifest()).assets.map(({ id }) => id),
      [expectedAsset(body).id],
    )
  })

  test('a page that is no page fails the job and publishes nothing', async () => {
    blog.web.routes.set('/blog/post/', { body: '{}', type: 'application/json' })
    const outcome = await blog.publish()
    assert.equal(outcome.result === 'failed' && outcome.code, 'not-a-page')
    assert.equal(await publisher.manifest(blog.siteId, '12'), null)
  })

  test('a site that was not allowed private addresses is not fetched from one, whatever its name resolves to', async () => {
    const url = `http://rebound.example:${new URL(blog.web.origin).port}`
    const input = { url, consent: 'assumed', allowPrivateAddresses: false } as const
    const { site } = await publishing.registry.sites.add(input)
    const failed = publishing.nextOutcome(site.id)
    await publisher.publish(site.id, '12', `${url}/post`)
    const outcome = await failed
    assert.equal(outcome.result === 'failed' && outcome.code, 'private-address')
    assert.equal(blog.web.requests.length, 0)
  })

  test('a site whose pages never end holds one worker, and another site is published meanwhile', async () => {
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

  test('a post whose assets do not end is published without them, when it failed often before', async () => {
    const good = blog.picture('good.png')
    blog.web.routes.set('/blog/endless.png', (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(png(100))
    })
    blog.serve('<img src="/blog/good.png"><img src="/blog/endless.png">')
    const [task, context, close] = publication(blog, publishing, { postTimeout: 1500 })
    await assert.rejects(publishPost({ ...task, attempt: 0 }, context), {
      code: 'timeout',
      message: /the post was not fetched/,
    })
    const result = await publishPost({ ...task, attempt: 5 }, context)
    assert.deepEqual(result, {
      result: 'published',
      version: 1,
      assets: 1,
      leftOut: [{ url: `${blog.web.origin}/blog/endless.png`, reason: 'failing' }],
      leftOutCounts: { failing: 1 },
      pending: 0,
    })
    assert.equal((await blog.manifest()).assets[0]?.id, expectedAsset(good).id)
    await close()
  })

  test('an asset that keeps failing does not keep the post from being published for ever', async () => {
    const good = blog.picture('good.png')
    blog.web.routes.set('/blog/bad.png', { status: 500 })
    blog.serve('<img src="/blog/good.png"><img src="/blog/bad.png">')
    const [task, context, close] = publication(blog, publishing)
    await assert.rejects(publishPost({ ...task, attempt: 4 }, context), { code: 'bad-status' })
    const result = await publishPost({ ...task, attempt: 5 }, context)
    assert.deepEqual(result, {
      result: 'published',
      version: 1,
      assets: 1,
      leftOut: [{ url: `${blog.web.origin}/blog/bad.png`, reason: 'failing' }],
      leftOutCounts: { failing: 1 },
      pending: 0,
    })
    assert.equal((await blog.manifest()).assets[0]?.id, expectedAsset(good).id)
    await close()
  })
})

/** What a job of the blog's post is run with, on a store of its own. */
function publication(blog: Blog, { registry }: Publishing, changed: Partial<FetchLimits> = {}) {
  const limits = { ...defaultFetchLimits, ...changed }
  const client = createSiteClient({ limits })
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-failing-'))
  const store = createAssetStore(directory)
  const pages = createPageReader()
  const { site } = blog.connected
  const task = { site, post: '12', url: blog.postUrl, revoke: false, signal: new AbortController().signal }
  const close = async () => {
    await Promise.all([client.close(), pages.close()])
    rmSync(directory, { recursive: true })
  }
  return [task, { registry, client, pages, store, limits }, close] as const
}
