import assert from 'node:assert/strict'
import { createPublicKey, randomUUID, verify } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { decodeEnvelope, decodeManifest, manifestPayloadType } from '@peerpress/wire'
import type { JobOutcome } from './manifest/job-outcome.ts'
import type { Publisher } from './publisher.ts'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { expectedAsset, mp4, png } from './test-site.testing.ts'

describe('publishing', { timeout: 300_000 }, () => {
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

  test('an event publishes the post: assets hashed as specified, the manifest signed by the site', async () => {
    const files = new Map([
      ['/blog/1.png', { body: png(200_000), type: 'image/png' }],
      ['/blog/1-300.png', { body: png(5_000), type: 'image/png' }],
      ['/blog/1.webp', { body: Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1'), type: 'image/webp' }],
      ['/blog/v.mp4', { body: mp4(2_500_000), type: 'video/mp4' }],
      ['/blog/poster.png', { body: png(65_536), type: 'image/png' }],
      ['/blog/paper.pdf', { body: Buffer.from('%PDF-1.7 x'), type: 'application/pdf; charset=binary' }],
    ])
    for (const [path, resource] of files) blog.web.routes.set(path, resource)
    blog.serve(`<picture><source srcset="/blog/1.webp"><img src="../1.png" srcset="../1-300.png 300w"></picture>
      <video src="/blog/v.mp4" poster="/blog/poster.png"></video><a href="/blog/paper.pdf">paper</a>
      <img src="https://cdn.example/x.png">`)
    assert.deepEqual(await blog.send('post.published'), { repeated: false })
    const post = await publisher.settled(blog.siteId, '12', 1)

    const envelope = JSON.parse(post.envelope)
    const payload = Buffer.from(envelope.payload, 'base64')
    const x = Buffer.from(blog.connected.site.publicKey).toString('base64url')
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const head = `DSSEv1 ${manifestPayloadType.length} ${manifestPayloadType} ${payload.length} `
    const signature = Buffer.from(envelope.signatures[0].sig, 'base64')
    assert.ok(verify(null, Buffer.concat([Buffer.from(head), payload]), publicKey, signature))

    const manifest = await blog.manifest()
    assert.equal(manifest.url, blog.postUrl)
    assert.equal(manifest.version, 1)
    assert.deepEqual(
      manifest.assets.map(({ url }) => new URL(url).pathname).toSorted(),
      [...files.keys()].toSorted(),
    )
    for (const { url, type, hashes, ...asset } of manifest.assets) {
      const file = files.get(new URL(url).pathname) ?? assert.fail(url)
      assert.deepEqual({ ...asset, hashes: Buffer.from(hashes) }, expectedAsset(file.body))
      assert.equal(type, file.type.split(';')[0])
      const stored = (await publisher.asset(asset.id)) ?? assert.fail(url)
      assert.equal(stored.size, file.body.length)
      assert.ok(readFileSync(stored.path).equals(file.body))
    }
  })

  test('an edit fetches new assets, keeps unchanged ones and raises the version', async () => {
    const kept = blog.picture('kept.png')
    blog.picture('dropped.png')
    blog.serve('<img src="/blog/kept.png"><img src="/blog/dropped.png">')
    await blog.publish()
    const added = blog.picture('added.png')
    blog.serve('<img src="/blog/kept.png"><img src="/blog/added.png">')
    const outcome = await blog.publish()
    assert.deepEqual(outcome, {
      site: blog.siteId,
      post: '12',
      attempt: 0,
      result: 'published',
      version: 2,
      assets: 2,
      leftOut: [],
      leftOutCounts: {},
      pending: 0,
    })
    assert.deepEqual(
      (await blog.manifest()).assets.map(({ id }) => id),
      [expectedAsset(kept).id, expectedAsset(added).id],
    )
    const again = blog.web.requests.filter(({ url }) => url === '/blog/kept.png')
    assert.deepEqual(
      again.map(({ headers }) => headers['if-none-match'] !== undefined),
      [false, true],
    )
  })

  test('fetches an asset whose file was lost without revalidating it', async () => {
    const body = blog.picture('1.png')
    blog.serve('<img src="/blog/1.png">')
    await blog.publish()
    const stored = (await publisher.asset(expectedAsset(body).id)) ?? assert.fail()
    rmSync(stored.path)
    await blog.publish()
    assert.notEqual(await publisher.asset(expectedAsset(body).id), null)
  })

  test('an unchanged page with unchanged assets makes no new version, a changed text does', async () => {
    blog.picture('1.png')
    blog.serve('<body><img src="/blog/1.png">')
    await blog.publish()
    const unchanged = await publisher.manifest(blog.siteId, '12')
    assert.equal((await blog.publish()).result, 'unchanged')
    assert.equal(await publisher.manifest(blog.siteId, '12'), unchanged)
    blog.serve('<body><p>new words</p><img src="/blog/1.png">')
    assert.equal((await blog.publish()).result, 'published')
  })

  for (const status of [401, 403, 404, 410]) {
    test(`a post that answers ${status} is revoked once, and returns with a higher version`, async () => {
      blog.picture('1.png')
      blog.serve('<img src="/blog/1.png">')
      await blog.publish()
      blog.web.routes.set('/blog/post/', { status })
      assert.equal((await blog.publish()).result, 'revoked')
      assert.equal((await blog.publish()).result, 'unchanged')
      const { revoked, assets, version } = await blog.manifest()
      assert.deepEqual({ revoked, assets, version }, { revoked: true, assets: [], version: 2 })
      blog.serve('<img src="/blog/1.png">')
      assert.equal((await blog.publish()).result, 'published')
      assert.equal((await blog.manifest()).version, 3)
    })
  }

  for (const location of ['/blog/wp-login.php?redirect_to=x', '/blog/']) {
    test(`a post that redirects to ${location} is revoked`, async () => {
      blog.serve('<p>')
      await blog.publish()
      blog.web.routes.set(location, { body: '<p>somewhere else' })
      blog.web.routes.set('/blog/post/', { status: 302, headers: { location } })
      assert.equal((await blog.publish()).result, 'revoked')
    })
  }

  test('publishes a moved post of the site at its new address', async () => {
    blog.picture('1.png')
    blog.web.routes.set('/blog/post/', { status: 301, headers: { location: '/blog/renamed/' } })
    blog.web.routes.set('/blog/renamed/', { body: '<img src="../1.png">' })
    await blog.publish()
    assert.equal((await blog.manifest()).url, `${blog.web.origin}/blog/renamed/`)
  })

  test('revokes an unpublished or deleted post even if a cache still has its page', async () => {
    blog.serve('<p>still here')
    for (const type of ['post.unpublished', 'post.deleted'] as const) {
      const published = blog.nextOutcome()
      await blog.send('post.published')
      assert.equal((await published).result, 'published')
      const outcome = blog.nextOutcome()
      await blog.send(type)
      assert.equal((await outcome).result, 'revoked')
    }
  })

  test('a post that was never public leaves no trace', async () => {
    assert.equal((await blog.publish()).result, 'absent')
    assert.equal(await publisher.manifest(blog.siteId, '12'), null)
  })

  test('a repeated event has no further effect', async () => {
    blog.serve('<p>')
    const id = randomUUID()
    const outcomes: JobOutcome[] = []
    const off = publisher.onJobDone((outcome) => outcomes.push(outcome))
    assert.deepEqual(await blog.send('post.published', { id }), { repeated: false })
    await publisher.settled(blog.siteId, '12', 1)
    assert.deepEqual(await blog.send('post.published', { id }), { repeated: true })
    await blog.publish('13')
    off()
    assert.equal(outcomes.filter(({ site, post }) => site === blog.siteId && post === '12').length, 1)
  })

  test('events during a publication cause one more publication, of the latest address', async () => {
    const release = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    blog.web.routes.set('/blog/post/', (_, response) => {
      asked.resolve()
      release.promise.then(
        () => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
        assert.fail,
      )
    })
    for (const path of ['/blog/old/', '/blog/new/']) blog.web.routes.set(path, { body: '<p>' })
    await blog.send('post.published')
    await asked.promise
    await blog.send('post.updated', { url: `${blog.web.origin}/blog/old/` })
    await blog.send('post.updated', { url: `${blog.web.origin}/blog/new/` })
    release.resolve()
    await publisher.settled(blog.siteId, '12', 2)
    assert.equal((await blog.manifest()).url, `${blog.web.origin}/blog/new/`)
    assert.deepEqual(
      [blog.web.count('/blog/post/'), blog.web.count('/blog/old/'), blog.web.count('/blog/new/')],
      [1, 0, 1],
    )
  })

  test('records the version of the plugin that sends events', async () => {
    blog.serve('<p>')
    await blog.send('post.published')
    await publisher.settled(blog.siteId, '12', 1)
    await blog.send('post.updated')
    const range = { from: new Date(0), to: new Date(Date.now() + 60_000), kinds: ['release'] as const }
    const releases = await publishing.registry.timeline.between(blog.siteId, range, 10)
    assert.deepEqual(
      releases.map(({ subject }) => subject),
      ['0.2.0'],
    )
  })

  test('records new versions of plugins and themes once, at a time that can be', async () => {
    const tea = { component: 'plugin tea', version: '1.1' }
    const sent = new Date(Date.now() - 3_600_000)
    const receipt = { isBatch: false, accepted: 1, repeated: 0, refused: [] }
    assert.deepEqual(await blog.release([tea], sent), receipt)
    assert.deepEqual(await blog.release([tea, { component: 'theme garden', version: '2' }]), receipt)
    const list = () => publishing.registry.releases.list(blog.siteId, new Date(0))
    const own = (await list()).filter(({ component }) => component !== 'PeerPress')
    assert.deepEqual(
      own.map(({ component, version }) => `${component} ${version}`),
      ['theme garden 2', 'plugin tea 1.1'],
    )
    assert.deepEqual(own[1]?.releasedAt, sent)
    await blog.release([{ component: 'plugin early', version: '1' }], new Date(0.5 * Date.now()))
    await blog.release([{ component: 'plugin late', version: '1' }], new Date(Date.now() + 86_400_000))
    for (const { releasedAt } of await list()) {
      assert.ok(releasedAt.getTime() <= Date.now() && releasedAt.getTime() > Date.now() - 8 * 86_400_000)
    }
    const known = (await list()).length
    await assert.rejects(blog.release([{ component: 'PeerPress', version: '9' }]), { code: 'bad-event' })
    await assert.rejects(blog.release([]), { code: 'bad-event' })
    assert.equal((await list()).length, known)
  })

  test('refuses events and publications for other origins', async () => {
    await assert.rejects(blog.send('post.published', { url: 'http://169.254.169.254/latest/meta-data' }), {
      code: 'foreign-url',
    })
    await assert.rejects(publisher.publish(blog.siteId, '12', 'https://other.example/'), {
      code: 'foreign-url',
    })
    const { origin } = blog.web
    for (const url of [
      `blob:${origin}/post/`,
      origin.replace('//', '//user:secret@'),
      origin.replace('//', '//user@'),
      `${origin}/a\0b`,
      `${origin}/\ud800`,
    ])
      await assert.rejects(publisher.publish(blog.siteId, '12', url), { code: 'foreign-url' })
    for (const post of ['../12', '.', '..'])
      await assert.rejects(publisher.publish(blog.siteId, post, blog.postUrl), { code: 'bad-post' })
    await assert.rejects(publisher.publish('aaaaaaaaaaaaaaaa', '12', blog.postUrl), { code: 'unknown-site' })
    const event = { site: 'aaaaaaaaaaaaaaaa', headers: {}, body: Buffer.from('{}') }
    await assert.rejects(publisher.receiveEvents(event), { code: 'unknown-site' })
    await assert.rejects(publisher.receiveEvents({ ...event, site: blog.siteId }), { code: 'bad-signature' })
  })

  const eventOf = (id: string, post: string, url = blog.postUrl, type = 'post.published') => ({
    id,
    type,
    timestamp: '2026-01-01T00:00:00Z',
    data: { post, url },
  })

  test('a batch has a result for each event: accepted, repeated, or refused with its reason', async () => {
    blog.serve('<p>')
    const settled = publisher.settled(blog.siteId, 'b', 1)
    const batch = [
      eventOf('evt_a', 'a'),
      eventOf('evt_foreign', 'x', 'https://other.example/'),
      eventOf('evt_path', '../12'),
      eventOf('evt_type', 'y', blog.postUrl, 'post.liked'),
      eventOf('evt_b', 'b'),
    ]
    const receipt = await blog.sendBatch(batch)
    assert.deepEqual(
      { ...receipt, refused: receipt.refused.map(({ id, code }) => [id, code]) },
      {
        isBatch: true,
        accepted: 2,
        repeated: 0,
        refused: [
          ['evt_path', 'bad-event'],
          ['evt_type', 'bad-event'],
          ['evt_foreign', 'foreign-url'],
        ],
      },
    )
    await settled
    const again = await blog.sendBatch([...batch.slice(0, 2), eventOf('evt_c', 'c')])
    assert.deepEqual(
      { accepted: again.accepted, repeated: again.repeated, refused: again.refused.length },
      { accepted: 1, repeated: 1, refused: 1 },
    )
  })

  test('the last event of a post in a batch decides', async () => {
    blog.serve('<p>')
    await blog.sendBatch([
      eventOf('evt_1', 'd'),
      eventOf('evt_2', 'd', blog.postUrl, 'post.updated'),
      eventOf('evt_3', 'd', blog.postUrl, 'post.unpublished'),
    ])
    await blog.sendBatch([eventOf('evt_4', 'e')])
    await publisher.settled(blog.siteId, 'e', 1)
    const envelope = await publisher.manifest(blog.siteId, 'd')
    assert.ok(envelope === null || decodeManifest(decodeEnvelope(envelope).payload).revoked)
  })

  test('refuses an invalid batch as a whole', async () => {
    const tooMany = Array.from({ length: 101 }, (_, n) => eventOf(`evt_${n}`, 'a'))
    for (const events of [[], tooMany, [{}], [{ ...eventOf('a b', 'a') }], ['evt_1']])
      await assert.rejects(blog.sendBatch(events), { code: 'bad-event' })
    assert.equal((await blog.sendBatch(tooMany.slice(0, 100))).accepted, 100)
  })

  test('removes the files of a removed site, except those that another site uses', async () => {
    const other = await publishing.startBlog()
    try {
      const shared = png(70_000)
      for (const one of [blog, other]) one.picture('shared.png', shared)
      const own = blog.picture('own.png', png(30_000))
      blog.serve('<img src="/blog/shared.png"><img src="/blog/own.png">')
      other.serve('<img src="/blog/shared.png">')
      assert.equal((await blog.publish()).result, 'published')
      assert.equal((await other.publish()).result, 'published')
      const ownFile = await publisher.asset(expectedAsset(own).id)
      assert.ok(ownFile !== null && existsSync(ownFile.path))
      assert.equal(await publisher.removeSite(blog.siteId), true)
      assert.equal(existsSync(ownFile.path), false)
      assert.equal(await publisher.asset(expectedAsset(own).id), null)
      assert.notEqual(await publisher.asset(expectedAsset(shared).id), null)
      assert.equal(await publisher.manifest(blog.siteId, '12'), null)
      await assert.rejects(publisher.publish(blog.siteId, '12', blog.postUrl), { code: 'unknown-site' })
      assert.equal(await publisher.removeSite(blog.siteId), false)
    } finally {
      await other.web.close()
    }
  })

  test('keeps files of a site that is being removed if another site publishes them in the meantime', async () => {
    const { registry } = publishing
    const [gone, other] = [await publishing.startBlog(), await publishing.startBlog()]
    try {
      const picture = gone.picture('late.png', png(40_000))
      gone.serve('<img src="/blog/late.png">')
      assert.equal((await gone.publish()).result, 'published')
      other.picture('late.png', picture)
      other.serve('<img src="/blog/late.png">')
      const onlyOf = registry.assets.onlyOf.bind(registry.assets)
      let hasPublished = false
      registry.assets.onlyOf = async (...which) => {
        const ids = await onlyOf(...which)
        if (!hasPublished) {
          hasPublished = true
          await other.publish()
        }
        return ids
      }
      try {
        assert.equal(await publisher.removeSite(gone.siteId), true)
      } finally {
        registry.assets.onlyOf = onlyOf
      }
      assert.notEqual(await publisher.asset(expectedAsset(picture).id), null)
    } finally {
      await Promise.all([gone.web.close(), other.web.close()])
    }
  })

  test('an asset that was never published, or an invalid id, is not found', async () => {
    assert.equal(await publisher.asset('0'.repeat(64)), null)
    assert.equal(await publisher.asset('../../etc/passwd'), null)
  })
})
