import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { decodeEnvelope, preAuthEncoding } from '@peerpress/wire'
import { Webhook } from 'standardwebhooks'
import { type Blog, type Publishing, startPublishing } from '../publishing.testing.ts'

describe('a rotated key', { timeout: 300_000 }, () => {
  let publishing: Publishing
  let blog: Blog
  before(async () => {
    publishing = await startPublishing()
    blog = await publishing.startBlog()
    blog.picture('1.png')
    blog.serve('<img src="/blog/1.png">')
    assert.equal((await blog.publish()).result, 'published')
  })
  after(async () => {
    await blog.web.close()
    await publishing.close()
  })

  /** Whether a page that names this key accepts the manifest. */
  const accepts = async (publicKey: Uint8Array) => {
    const text = await publishing.publisher.manifest(blog.siteId, '12')
    const { payloadType, payload, signatures } = decodeEnvelope(text ?? '')
    const x = Buffer.from(publicKey).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    return signatures.some(({ bytes }) => verify(null, preAuthEncoding(payloadType, payload), key, bytes))
  }
  const keyOf = async () => (await publishing.registry.sites.get(blog.siteId))?.publicKey ?? new Uint8Array()

  test('signs what is published already, and pages in caches go on with the former one', async () => {
    const { publisher } = publishing
    const former = await keyOf()
    const { version } = await blog.manifest()
    await publisher.rotateSigningKey(blog.siteId, { actor: 'operator', endsFormer: false })
    const current = await keyOf()
    assert.notDeepEqual(current, former)
    assert.deepEqual([await accepts(former), await accepts(current)], [true, true])
    assert.equal((await blog.manifest()).version, version)
    blog.picture('2.png')
    blog.serve('<img src="/blog/1.png"><img src="/blog/2.png">')
    assert.equal((await blog.publish()).result, 'published')
    assert.deepEqual([await accepts(former), await accepts(current)], [true, true])
    await publisher.rotateSigningKey(blog.siteId, { actor: 'operator', endsFormer: true })
    assert.deepEqual(
      [await accepts(former), await accepts(current), await accepts(await keyOf())],
      [false, false, true],
    )
  })

  test('a new webhook secret counts from its first event on, and the former one until then', async () => {
    const { registry, publisher } = publishing
    const present = blog.connected.webhookSecret
    const next = await registry.sites.rotateWebhookSecret(blog.siteId, 'operator')
    const signed = (secret: string, id: string) => {
      const event = {
        type: 'post.updated',
        timestamp: new Date().toISOString(),
        data: { post: '12', url: blog.postUrl },
      }
      const body = JSON.stringify(event)
      const at = new Date()
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
      }
      return publisher.receiveEvents({ site: blog.siteId, headers, body: Buffer.from(body) })
    }
    assert.equal((await signed(present, 'evt_present')).accepted, 1)
    await assert.rejects(signed(`whsec_${Buffer.alloc(32).toString('base64')}`, 'evt_wrong'), {
      code: 'bad-signature',
    })
    assert.equal((await signed(next ?? '', 'evt_next')).accepted, 1)
    await assert.rejects(signed(present, 'evt_late'), { code: 'bad-signature' })
    assert.equal((await signed(next ?? '', 'evt_again')).accepted, 1)
  })
})
