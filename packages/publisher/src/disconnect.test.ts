import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { decodeEnvelope, decodeManifest } from '@peerpress/wire'
import { type Blog, type Publishing, startPublishing } from './publishing.testing.ts'
import { png } from './test-site.testing.ts'

describe('a site that disconnects', { timeout: 120_000 }, () => {
  let publishing: Publishing
  let blog: Blog
  let other: Blog
  let own: { readonly id: string; readonly path: string }
  let shared: { readonly id: string; readonly path: string }

  before(async () => {
    publishing = await startPublishing()
    ;[blog, other] = [await publishing.startBlog(), await publishing.startBlog()]
    const [picture, both] = [png(4000), png(5000)]
    blog.picture('own.png', picture)
    for (const each of [blog, other]) each.picture('both.png', both)
    blog.serve('<img src="/blog/own.png"><img src="/blog/both.png">')
    other.serve('<img src="/blog/both.png">')
    for (const each of [blog, other]) await each.publish()
    const { assets } = await blog.manifest()
    const fileOf = async (name: string) => {
      const { id } = assets.find(({ url }) => url.endsWith(name)) ?? assert.fail(name)
      return { id, path: (await publishing.publisher.asset(id))?.path ?? assert.fail(name) }
    }
    own = await fileOf('own.png')
    shared = await fileOf('both.png')
  })
  after(async () => {
    await Promise.all([blog.web.close(), other.web.close()])
    await publishing.close()
  })

  test('is refused if the message names another home URL', async () => {
    await assert.rejects(blog.disconnect('https://staging.example'), { code: 'other-home' })
    assert.equal((await publishing.registry.sites.get(blog.siteId))?.disconnectedAt, null)
  })

  test('has its posts revoked, and its files removed unless another site uses them', async () => {
    const { publisher, registry } = publishing
    const ended = blog.nextOutcome()
    await blog.disconnect()
    assert.notEqual((await registry.sites.get(blog.siteId))?.disconnectedAt, null)
    assert.equal((await ended).result, 'revoked')
    const manifest = await blog.manifest()
    assert.deepEqual([manifest.revoked, manifest.version, manifest.assets.length], [true, 2, 0])
    assert.equal(await publisher.asset(own.id), null)
    assert.equal(existsSync(own.path), false)
    assert.notEqual(await publisher.asset(shared.id), null)
    assert.equal(existsSync(shared.path), true)
    const kept = await publisher.manifest(other.siteId, '12')
    assert.equal(decodeManifest(decodeEnvelope(kept ?? '').payload).revoked, false)
  })

  test('has its posts revoked even if the server ends right after it recorded the disconnect', async () => {
    const leaving = await publishing.startBlog()
    try {
      leaving.serve('before')
      await leaving.publish()
      const ended = leaving.nextOutcome()
      // The rest follows from the stored event.
      await publishing.registry.sites.disconnect(leaving.siteId)
      assert.equal((await ended).result, 'revoked')
    } finally {
      await leaving.web.close()
    }
  })

  test('cancels the running publication, which then publishes nothing', { timeout: 30_000 }, async () => {
    const leaving = await publishing.startBlog()
    try {
      leaving.serve('before')
      assert.equal((await leaving.publish()).result, 'published')
      const asked = Promise.withResolvers<IncomingMessage>()
      leaving.web.routes.set('/blog/slow.png', (request) => asked.resolve(request))
      leaving.serve('<img src="/blog/slow.png">')
      await publishing.publisher.publish(leaving.siteId, '12', leaving.postUrl)
      const closed = once((await asked.promise).socket, 'close')
      const ended = leaving.nextOutcome()
      await leaving.disconnect()
      assert.equal((await ended).result, 'revoked')
      await closed
      const manifest = await leaving.manifest()
      assert.deepEqual([manifest.revoked, manifest.version], [true, 2])
    } finally {
      await leaving.web.close()
    }
  })

  test('publishes nothing afterwards, and may disconnect again', async () => {
    await blog.disconnect()
    await assert.rejects(blog.send('post.published'), { code: 'disconnected' })
    await assert.rejects(blog.publish(), { code: 'disconnected' })
    assert.equal((await blog.manifest()).version, 2)
  })
})
