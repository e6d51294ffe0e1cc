import assert from 'node:assert/strict'
import { createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { input, publication, refused, type SuiteContext } from '../suite.testing.ts'

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

    test('an added site is found as it was returned', async () => {
      const { site: added } = await context.site('found')
      const found = await context.registry().sites.get(added.id)
      assert.deepEqual({ ...found, publicKey: null }, { ...added, publicKey: null })
      assert.deepEqual(Buffer.from(found?.publicKey ?? []), Buffer.from(added.publicKey))
      assert.ok((await context.registry().sites.list()).some(({ id }) => id === added.id))
    })

    test('a policy is recorded, and the policy of old pages does not change', async () => {
      const { sites } = context.registry()
      const { site: added } = await context.site('policy')
      const full = { mode: 'full', consent: 'assumed' } as const
      assert.deepEqual({ mode: added.mode, consent: added.consent }, full)
      assert.deepEqual(added.unstated, full)
      const policy = { mode: 'seeds-only', consent: 'required' } as const
      assert.equal(await sites.setPolicy(added.id, policy, new Date(context.now())), 'recorded')
      const found = await sites.get(added.id)
      assert.deepEqual([found?.mode, found?.consent, found?.unstated], ['seeds-only', 'required', full])
      const policies = await sites.policies([added.id, 'nosuchsite000000', '\0'])
      assert.deepEqual([...policies], [[added.id, policy]])
    })

    test('a policy sent earlier than the recorded one changes nothing', async () => {
      const { sites } = context.registry()
      const { site } = await context.site('outdated')
      const at = context.now()
      const off = { mode: 'off', consent: 'assumed' } as const
      assert.equal(await sites.setPolicy(site.id, off, new Date(at)), 'recorded')
      const earlier = await sites.setPolicy(site.id, { ...off, mode: 'full' }, new Date(at - 1))
      assert.equal(earlier, 'outdated')
      assert.equal((await sites.get(site.id))?.mode, 'off')
      assert.equal(await sites.setPolicy(site.id, { ...off, mode: 'full' }, new Date(at)), 'recorded')
      assert.equal(await sites.setPolicy('nosuchsite000000', off, new Date(at)), 'unknown-site')
    })

    test('settings are changed one by one, and those left out stay', async () => {
      const { sites } = context.registry()
      const { site: added } = await context.site('settings')
      assert.deepEqual([added.name, added.timeZone], [null, 'UTC'])
      const named = await sites.configure(added.id, { name: '  Gärten & more ', timeZone: 'europe/Berlin' })
      assert.deepEqual(
        [named?.name, named?.timeZone, named?.origins],
        ['Gärten & more', 'Europe/Berlin', added.origins],
      )
      const moved = await sites.configure(added.id, {
        origins: ['https://cdn.example:443/', added.origins[0]!],
      })
      assert.deepEqual(moved?.origins, [added.origins[0], 'https://cdn.example'])
      const found = await sites.get(added.id)
      assert.deepEqual({ ...found, publicKey: null }, { ...moved, publicKey: null })
      assert.equal((await sites.configure(added.id, { name: ' ' }))?.name, null)
      const savingsRates = { pricePerGigabyte: 0.085, currency: 'EUR', carbonPerGigabyte: null }
      await sites.configure(added.id, { savingsRates })
      await sites.configure(added.id, { name: 'Another' })
      assert.deepEqual((await sites.get(added.id))?.savingsRates, savingsRates)
      assert.equal(await sites.configure('nosuchsite000000', { name: 'x' }), null)
      assert.equal(await sites.configure('\0', { name: 'x' }), null)
    })

    for (const [code, settings] of [
      ['invalid-name', { name: 'x'.repeat(101) }],
      ['invalid-name', { name: ' '.repeat(10_000) }],
      ['invalid-name', { name: 'two\nlines' }],
      ['invalid-name', { name: '\ud800' }],
      ['invalid-name', { name: 'safe\u202Eelpmaxe' }],
      ['invalid-time-zone', { timeZone: 'Europe/Atlantis' }],
      ['invalid-time-zone', { timeZone: '+02:00' }],
      ['invalid-time-zone', { timeZone: '' }],
      ['invalid-time-zone', { timeZone: `A${'/a'.repeat(5000)}` }],
      ['invalid-origin', { origins: ['https://a.example/path'] }],
      [
        'invalid-savings-rate',
        { savingsRates: { pricePerGigabyte: NaN, currency: 'EUR', carbonPerGigabyte: null } },
      ],
      [
        'invalid-savings-rate',
        { savingsRates: { pricePerGigabyte: 1, currency: 'eur', carbonPerGigabyte: null } },
      ],
      ['invalid-origin', { origins: Array.from({ length: 21 }, (_, i) => `https://o${i}.example`) }],
    ] as const) {
      test(`${JSON.stringify(settings).slice(0, 50)} changes nothing`, async () => {
        const { sites } = context.registry()
        const { site } = await context.site(`bad-settings-${crypto.randomUUID()}`)
        await refused(code, sites.configure(site.id, { name: 'valid', ...settings }))
        assert.equal((await sites.get(site.id))?.name, null)
      })
    }

    test('a second site with the same URL is refused', async () => {
      await context.site('twice')
      await refused('site-exists', context.site('twice/'))
    })

    test('a removed site is removed with its posts, its events and the assets that only it had', async () => {
      const { sites, posts, assets, events } = context.registry()
      const [{ site: gone }, { site: kept }] = [await context.site('gone'), await context.site('stays')]
      const page = { id: 'c'.repeat(64), size: 10 }
      await posts.record({ ...publication(gone.id, 1, ['earlier', 'both']), snapshot: page })
      await posts.record({ ...publication(gone.id, 2, ['only-gone', 'both']), snapshot: page })
      await posts.record(publication(kept.id, 1, ['both', 'only-kept']))
      const idOf = (name: string) => publication('', 1, [name]).assets[0]!.id
      const only = await assets.onlyOf(gone.id)
      for (const id of [idOf('earlier'), idOf('only-gone'), page.id]) assert.ok(only.includes(id))
      for (const id of [idOf('both'), idOf('only-kept')]) assert.ok(!only.includes(id))

      assert.equal(await sites.remove(gone.id), true)
      assert.equal(await sites.get(gone.id), null)
      assert.deepEqual(await posts.list(gone.id), [])
      for (const id of [...only, idOf('only-gone')]) assert.equal(await assets.get(id), null)
      assert.equal((await posts.assets(kept.id, '12')).length, 2)
      assert.notEqual(await assets.get(idOf('both')), null)
      const job = { name: 'removed', key: 'k', data: {} }
      await assert.rejects(events.claim(gone.id, 'e', job))
      assert.equal(await sites.remove(gone.id), false)
      // The address is free again, for a site of another name.
      assert.notEqual((await context.site('gone')).site.id, gone.id)
    })

    test('removing a site leaves what another site has released, so that its mirror goes on answering 410', async () => {
      const { sites, posts, assets } = context.registry()
      const [{ site: gone }, { site: other }] = [
        await context.site('removed'),
        await context.site('releases'),
      ]
      await posts.record(publication(gone.id, 1, ['of-removed']))
      await posts.record(publication(other.id, 1, ['released-by-other', 'current-of-other']))
      await posts.record(publication(other.id, 2, ['current-of-other']))
      const [released, own] = publication('', 1, ['released-by-other', 'of-removed']).assets.map(
        ({ id }) => id,
      )
      assert.ok(released !== undefined && own !== undefined)
      assert.equal(await assets.isReleased(released), true)
      await sites.remove(gone.id)
      assert.equal(await assets.isReleased(released), true)
      assert.equal(await assets.isReleased(own), false)
      assert.equal(await assets.get(own), null)
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
      'https://blog.example/a\0b/',
      'https://blog.example/\ud800/',
      'https://blog.\nexample/',
      'blob:https://blog.example/a',
    ]) {
      test(`${JSON.stringify(url)} is no site URL`, () =>
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
