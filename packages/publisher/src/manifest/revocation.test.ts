import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import type { Manifest } from '@peerpress/wire'
import type { JobOutcome } from './job-outcome.ts'
import { type Blog, type Publishing, startPublishing } from '../publishing.testing.ts'
import { raiseVersions } from './raise-versions.ts'
import { expectedAsset, png } from '../test-site.testing.ts'

describe('revocation', { timeout: 300_000 }, () => {
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

  /** Returns the page as the plugin makes it. */
  const page = (config: object, content = '<img src="/blog/1.png">') =>
    `<body>${content}<script type="application/json" id="peerpress-config">\n${JSON.stringify({ site: blog.siteId, post: '12', mode: 'full', ...config })}\n</script>`
  /** Sends an event and returns the result of its job. */
  async function sent(type: Parameters<Blog['send']>[0], event?: Parameters<Blog['send']>[1]) {
    const outcome = blog.nextOutcome()
    await blog.send(type, event)
    return outcome
  }
  /** Sends an unpublication that suspends the post, and returns the result of the request of its page. */
  async function suspended(): Promise<JobOutcome> {
    assert.equal((await sent('post.unpublished')).result, 'revoked')
    return blog.nextOutcome()
  }
  const home = () => ({ homeUrl: `${blog.web.origin}/blog` })
  async function published(html = page({})): Promise<Buffer> {
    const picture = blog.picture('1.png')
    blog.serve(html)
    assert.equal((await sent('post.published', home())).result, 'published')
    return picture
  }
  /** Enqueues the job itself, bypassing the checks of `publish`, as a restore or an older release does. */
  async function enqueued(data: { revoke: boolean }): Promise<JobOutcome> {
    const outcome = blog.nextOutcome()
    await publishing.registry.jobs.enqueue({
      name: 'publish',
      key: `${blog.siteId}/12`,
      data: { site: blog.siteId, post: '12', url: blog.postUrl, ...data },
    })
    return outcome
  }

  for (const type of ['post.unpublished', 'post.deleted'] as const) {
    test(`a ${type} with the home URL is final until the next event, regardless of the page`, async () => {
      await published()
      assert.equal((await sent(type, home())).result, 'revoked')
      const asked = blog.web.count('/blog/post/')
      await assert.rejects(publishing.publisher.publish(blog.siteId, '12', blog.postUrl), {
        code: 'withdrawn',
      })
      assert.equal((await enqueued({ revoke: false })).result, 'unchanged')
      assert.equal((await blog.manifest()).revoked, true)
      assert.equal(blog.web.count('/blog/post/'), asked)
      assert.equal((await sent('post.updated', home())).result, 'published')
      assert.equal((await blog.manifest()).revoked, false)
    })
  }

  test('a withdrawal of a post that was never published here is final too', async () => {
    blog.serve(page({}))
    assert.equal((await sent('post.unpublished', home())).result, 'absent')
    assert.equal((await enqueued({ revoke: false })).result, 'absent')
    assert.equal(await publishing.publisher.manifest(blog.siteId, '12'), null)
  })

  test('an older publication event that arrives after the withdrawal does not undo it', async () => {
    await published()
    const at = new Date(Date.now() - 60_000)
    assert.equal((await sent('post.unpublished', home())).result, 'revoked')
    assert.equal((await sent('post.updated', { ...home(), at })).result, 'unchanged')
    assert.equal((await blog.manifest()).revoked, true)
  })

  test('does not republish a restored post that the site has withdrawn since the backup', async () => {
    await published()
    assert.equal((await sent('post.unpublished', home())).result, 'revoked')
    await raiseVersions(publishing.registry, 1000)
    assert.equal((await enqueued({ revoke: false })).result, 'unchanged')
    assert.equal((await blog.manifest()).revoked, true)
  })

  test('revokes a restored post whose page reports no post: the backup is older than the opt-out', async () => {
    await published()
    blog.serve(page({ post: null }))
    await raiseVersions(publishing.registry, 1000)
    assert.equal((await enqueued({ revoke: false })).result, 'revoked')
  })

  test('a withdrawal cancels the running publication, which publishes nothing', async () => {
    await published()
    const { version: first } = await blog.manifest()
    const asked = Promise.withResolvers<void>()
    blog.web.routes.set('/blog/slow.png', () => asked.resolve())
    blog.serve(page({}, '<img src="/blog/slow.png">'))
    await blog.send('post.updated', home())
    await asked.promise
    assert.equal((await sent('post.unpublished', home())).result, 'revoked')
    const { revoked, version } = await blog.manifest()
    assert.deepEqual({ revoked, version }, { revoked: true, version: first + 1 })
  })

  test('a withdrawal does not wait for the publication of another post of the site', async () => {
    await published()
    const asked = Promise.withResolvers<void>()
    blog.web.routes.set('/blog/slow.png', () => asked.resolve())
    blog.web.routes.set('/blog/other/', { body: '<img src="/blog/slow.png">' })
    await publishing.publisher.publish(blog.siteId, '13', `${blog.web.origin}/blog/other/`)
    await asked.promise
    assert.equal((await sent('post.unpublished', home())).result, 'revoked')
  })

  test('the page of a suspended post does not delay the withdrawal of another post', async () => {
    await published()
    const requested = Promise.withResolvers<void>()
    blog.web.routes.set('/blog/post/', () => requested.resolve())
    assert.equal((await sent('post.unpublished')).result, 'revoked')
    await requested.promise
    const outcome = blog.nextOutcome()
    await blog.send('post.deleted', { ...home(), post: '13', url: `${blog.web.origin}/blog/other/` })
    const { post, result } = await outcome
    assert.deepEqual({ post, result }, { post: '13', result: 'absent' })
  })

  test('an unpublication without a home URL suspends the post; a page that still offers it restores it', async () => {
    await published()
    const { version: first } = await blog.manifest()
    const seen: number[] = []
    const html = page({})
    blog.web.routes.set('/blog/post/', (request, response) => {
      const url = request.url ?? ''
      if (url.includes('peerpress-look=')) assert.equal(request.headers['cache-control'], 'no-cache')
      const answer = ({ version, revoked }: Manifest) => {
        if (revoked) seen.push(version)
        return response.writeHead(200, { 'content-type': 'text/html', age: '0', 'x-cache': 'MISS' }).end(html)
      }
      blog.manifest().then(answer, (error: unknown) => response.destroy(error as Error))
    })
    assert.deepEqual(await suspended(), {
      site: blog.siteId,
      post: '12',
      attempt: 0,
      result: 'published',
      version: first + 2,
      assets: 1,
      leftOut: [],
      leftOutCounts: {},
      pending: 0,
      contradiction: true,
    })
    // The post was revoked before the page was requested.
    assert.deepEqual(seen, [first + 1, first + 1])
    assert.deepEqual([(await blog.manifest()).revoked, (await blog.manifest()).url], [false, blog.postUrl])
    assert.equal((await blog.publish()).result, 'unchanged')
  })

  for (const [what, html] of [
    ['is of a post that opted out', () => page({ post: null })],
    ['offers another post', () => page({ post: '13' })],
    ['is of another site', () => page({ site: 'aaaaaaaaaaaaaaaa' })],
    ['is measured only', () => page({ mode: 'off' })],
    ['has no configuration', () => '<body><img src="/blog/1.png">'],
    ['has one that is no JSON', () => '<script id="peerpress-config">{"site":</script>'],
  ] as const) {
    test(`a suspended post stays revoked if its page ${what}`, async () => {
      await published()
      blog.serve(html())
      assert.equal((await suspended()).result, 'unchanged')
      assert.equal((await blog.publish()).result, 'unchanged')
      assert.equal((await blog.manifest()).revoked, true)
    })
  }

  for (const status of [401, 403, 404, 410]) {
    test(`a suspended post stays revoked if its page answers ${status}`, async () => {
      await published()
      blog.web.routes.set('/blog/post/', { status })
      assert.equal((await suspended()).result, 'unchanged')
      assert.equal((await blog.manifest()).revoked, true)
    })
  }

  test('a cached page does not restore a suspended post, and is requested again', async () => {
    await published()
    blog.web.routes.set('/blog/post/', { body: page({}), headers: { 'cf-cache-status': 'HIT' } })
    const cached = await suspended()
    assert.equal(cached.result === 'failed' && cached.code, 'from-cache')
    assert.equal((await blog.manifest()).revoked, true)
    const again = blog.nextOutcome()
    blog.serve(page({}))
    assert.equal((await again).result, 'published')
  })

  test('a withdrawal after a suspension is final', async () => {
    await published()
    blog.serve(page({ post: null }))
    await suspended()
    await sent('post.deleted', home())
    blog.serve(page({}))
    assert.equal((await enqueued({ revoke: false })).result, 'unchanged')
    await sent('post.unpublished')
    assert.equal((await blog.manifest()).revoked, true)
  })

  test('a waiting job of release 0.1 that revokes a post suspends it', async () => {
    blog.picture('1.png')
    blog.serve('<body><img src="/blog/1.png">')
    assert.equal((await blog.publish()).result, 'published')
    assert.equal((await enqueued({ revoke: true })).result, 'revoked')
  })

  for (const [what, answer, code] of [
    ['401', { status: 401 }, 'denied'],
    ['403', { status: 403, body: '<h1>Forbidden</h1>' }, 'denied'],
    ['404', { status: 404 }, 'not-found'],
    ['a login', { status: 302, headers: { location: '/wp-login.php' } }, 'denied'],
    ['the home page', { status: 302, headers: { location: '/blog/' } }, 'denied'],
    ['a challenge of 403', { status: 403, headers: { 'cf-mitigated': 'challenge' } }, 'challenged'],
    ['a challenge of 503', { status: 503, headers: { 'cf-mitigated': 'challenge' } }, 'challenged'],
    ['a challenge of 200', { body: '<title>Just a moment...</title>' }, 'challenged'],
  ] as const) {
    test(`${what} after the CMS published the post revokes nothing, and is reported as a failure`, async () => {
      await published()
      for (const path of ['/wp-login.php', '/blog/']) blog.web.routes.set(path, { body: '<p>another page' })
      blog.web.routes.set('/blog/post/', answer)
      const outcome = await sent('post.updated', home())
      assert.equal(outcome.result === 'failed' && outcome.code, code)
      assert.equal((await blog.manifest()).revoked, false)
    })
  }

  test('requests a refused page again if the CMS published the post', async () => {
    await published()
    blog.web.routes.set('/blog/post/', { status: 403 })
    assert.equal((await sent('post.updated', home())).result, 'failed')
    const again = blog.nextOutcome()
    blog.serve(page({}, '<p>new words</p>'))
    assert.equal((await again).result, 'published')
  })

  for (const status of [410, 451]) {
    test(`${status} after the CMS published the post revokes it: the site itself reports it as gone`, async () => {
      await published()
      blog.web.routes.set('/blog/post/', { status })
      assert.equal((await sent('post.updated', home())).result, 'revoked')
    })
  }

  test('a challenge does not revoke a post without a CMS either', async () => {
    blog.serve('<p>words')
    await blog.publish()
    blog.web.routes.set('/blog/post/', {
      status: 403,
      body: '<title>Just a moment...</title><script>window._cf_chl_opt = {}</script>',
    })
    const outcome = await blog.publish()
    assert.equal(outcome.result === 'failed' && outcome.code, 'challenged')
    assert.equal((await blog.manifest()).revoked, false)
  })

  test('removes media of a revoked post from the mirror and the disk, unless another post has them', async () => {
    const { publisher } = publishing
    const shared = blog.picture('shared.png', png(4000))
    const own = blog.picture('own.png', png(5000))
    blog.serve('<img src="/blog/shared.png"><img src="/blog/own.png">')
    blog.web.routes.set('/blog/other/', { body: '<img src="/blog/shared.png">' })
    await sent('post.published', home())
    await blog.publish('13', `${blog.web.origin}/blog/other/`)
    const file = await publisher.asset(expectedAsset(own).id)
    assert.ok(file !== null)
    assert.equal((await sent('post.unpublished', home())).result, 'revoked')
    assert.equal(await publisher.asset(expectedAsset(own).id), null)
    assert.equal(await publisher.isReleased(expectedAsset(own).id), true)
    assert.equal(existsSync(file.path), false)
    assert.notEqual(await publisher.asset(expectedAsset(shared).id), null)
    assert.equal(await publisher.isReleased(expectedAsset(shared).id), false)
    assert.equal(await publisher.isReleased('0'.repeat(64)), false)
    assert.equal(await publisher.isReleased('../..'), false)
    await sent('post.published', home())
    assert.notEqual(await publisher.asset(expectedAsset(own).id), null)
    assert.equal(await publisher.isReleased(expectedAsset(own).id), false)
  })

  test('removes replaced media from the mirror and the disk', async () => {
    const first = await published()
    const file = await publishing.publisher.asset(expectedAsset(first).id)
    const next = blog.picture('1.png', png(6000))
    assert.equal((await sent('post.updated', home())).result, 'published')
    assert.ok(file !== null && !existsSync(file.path))
    assert.equal(await publishing.publisher.isReleased(expectedAsset(first).id), true)
    assert.notEqual(await publishing.publisher.asset(expectedAsset(next).id), null)
  })
})
