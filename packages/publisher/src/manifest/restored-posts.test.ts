import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { openRegistry } from '@peerpress/registry'
import { decodeEnvelope, decodeManifest, manifestPayloadType, preAuthEncoding } from '@peerpress/wire'
import { createPublisher } from '../publisher.ts'
import { type Blog, type Publishing, startPublishing } from '../publishing.testing.ts'
import { maxVersion, raiseVersions } from './raise-versions.ts'
import { startSite } from '../test-site.testing.ts'

const by = 1_000_000

describe('restored posts', { timeout: 300_000 }, () => {
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

  /** Verifies the signature of the post's manifest and returns its version. */
  async function signedVersion(post: string): Promise<number> {
    const found = (await publishing.registry.posts.get(blog.siteId, post)) ?? assert.fail(post)
    const { payload, signatures } = decodeEnvelope(found.envelope)
    const x = Buffer.from(blog.connected.site.publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    const [signature] = signatures
    assert.ok(signature && verify(null, preAuthEncoding(manifestPayloadType, payload), key, signature.bytes))
    const { version } = decodeManifest(payload)
    assert.equal(version, found.version)
    return version
  }

  test('raises and signs every version; versions of new posts are above them', async () => {
    const { registry } = publishing
    blog.picture('1.png')
    blog.serve('<body><img src="/blog/1.png">')
    await blog.publish('same')
    blog.web.routes.set('/blog/gone/', { status: 404 })
    await blog.publish('changed')
    await blog.publish('revoked')
    await blog.publish('revoked', `${blog.web.origin}/blog/gone/`)
    const floor = await registry.restored.versionFloor()
    const first = await signedVersion('same')

    await raiseVersions(registry, by)
    assert.equal(await signedVersion('same'), first + by)
    assert.equal(await signedVersion('revoked'), first + 1 + by)
    assert.equal(await registry.restored.isUnread(blog.siteId, 'same'), true)
    assert.equal(await registry.restored.isUnread(blog.siteId, 'revoked'), false)

    assert.equal((await blog.publish('same')).result, 'unchanged')
    assert.equal(await registry.restored.isUnread(blog.siteId, 'same'), false)
    blog.serve('<body><p>new words</p>')
    assert.equal((await blog.publish('changed')).result, 'published')
    assert.equal(await signedVersion('changed'), first + by + 1)
    assert.equal(await registry.restored.isUnread(blog.siteId, 'changed'), false)
    await blog.publish('new')
    assert.equal(await signedVersion('new'), floor + by + 1)
  })

  test('no version exceeds the maximum that readers accept', async () => {
    const floor = await publishing.registry.restored.versionFloor()
    await assert.rejects(raiseVersions(publishing.registry, maxVersion), { code: 'versions-exhausted' })
    assert.equal(await publishing.registry.restored.versionFloor(), floor)
  })
})

test('a publisher reads restored posts at its start, but leaves a waiting job unchanged', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'peerpress-restored-'))
  const web = await startSite()
  const registry = await openRegistry({ directory: join(directory, 'registry') })
  t.after(async () => {
    await registry.close()
    await web.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const open = () => createPublisher({ registry, directory: join(directory, 'assets') })
  const { site } = await registry.sites.add({
    url: web.origin,
    consent: 'assumed',
    allowPrivateAddresses: true,
  })
  web.routes.set('/post', { body: '<body>words' })
  const first = open()
  await first.start()
  for (const post of ['read', 'revoked']) {
    await first.publish(site.id, post, `${web.origin}/post`)
    await first.settled(site.id, post, 1)
  }
  await first.stop()
  await raiseVersions(registry, by)
  const waiting = { site: site.id, post: 'revoked', url: `${web.origin}/post`, revoke: true }
  await registry.jobs.enqueue({ name: 'publish', key: `${site.id}/revoked`, data: waiting })
  assert.equal(await registry.restored.isUnread(site.id, 'read'), true)

  const second = open()
  const results: Record<string, string> = {}
  const both = new Promise<void>((resolve) => {
    second.onJobDone(({ post, result }) => {
      results[post] = result
      if (Object.keys(results).length === 2) resolve()
    })
  })
  await second.start()
  await both
  assert.deepEqual(results, { read: 'unchanged', revoked: 'revoked' })
  assert.equal(await second.isUnread(site.id, 'read'), false)
  assert.equal(await second.isUnread(site.id, 'revoked'), false)
  await second.stop()
})
