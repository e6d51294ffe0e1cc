import assert from 'node:assert/strict'
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { input, refused, type SuiteContext } from './suite.testing.ts'

export function describeSites(context: SuiteContext): void {
  describe('sites', () => {
    test('a site gets an id, a secret and a key pair that belong together', async () => {
      const { site: added, webhookSecret } = await context.registry().sites.add({
        ...input,
        url: 'https://One.example:443/sub?x=1#y',
        origins: ['https://media.one.example', 'https://one.example/'],
      })
      assert.match(added.id, /^[a-z0-9]{16}$/)
      assert.equal(added.url, 'https://one.example/sub/')
      assert.deepEqual(added.origins, ['https://one.example', 'https://media.one.example'])
      assert.match(webhookSecret, /^whsec_[A-Za-z0-9+/]{43}=$/)
      assert.equal(await context.registry().sites.webhookSecret(added.id), webhookSecret)
      const message = randomBytes(40)
      const signature = sign(null, message, await context.registry().sites.signingKey(added.id))
      const x = Buffer.from(added.publicKey).toString('base64url')
      const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
      assert.ok(verify(null, message, publicKey, signature))
    })

    test('what was added is found again as it was returned', async () => {
      const { site: added } = await context.site('found')
      const found = await context.registry().sites.get(added.id)
      assert.deepEqual({ ...found, publicKey: null }, { ...added, publicKey: null })
      assert.deepEqual(Buffer.from(found?.publicKey ?? []), Buffer.from(added.publicKey))
      assert.ok((await context.registry().sites.list()).some(({ id }) => id === added.id))
    })

    test('a second site with the same URL is refused', async () => {
      await context.site('twice')
      await refused('site-exists', context.site('twice/'))
    })

    test('an unknown site has no key and no secret', async () => {
      assert.equal(await context.registry().sites.get('aaaaaaaaaaaaaaaa'), null)
      assert.equal(await context.registry().sites.webhookSecret('aaaaaaaaaaaaaaaa'), null)
      await refused('unknown-site', context.registry().sites.signingKey('aaaaaaaaaaaaaaaa'))
    })

    for (const url of [
      '',
      'blog.example',
      'ftp://blog.example',
      'https://me:pw@blog.example',
      'javascript:1',
    ]) {
      test(`'${url}' is no site URL`, () =>
        refused('invalid-url', context.registry().sites.add({ ...input, url })))
    }

    for (const origin of ['https://a.example/path', 'https://a.example/?q', '*', 'null']) {
      test(`'${origin}' is no origin`, () =>
        refused(
          'invalid-origin',
          context.registry().sites.add({ ...input, url: 'https://o.example', origins: [origin] }),
        ))
    }
  })
}
