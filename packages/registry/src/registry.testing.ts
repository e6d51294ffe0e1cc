import assert from 'node:assert/strict'
import { createHash, randomBytes, sign, verify, createPublicKey } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openRegistry, type Registry, type RegistryLocation } from './open-registry.ts'
import type { Publication } from './posts.ts'
import { RegistryError, type RegistryErrorCode } from './registry-error.ts'

const input = { url: 'https://blog.example', consent: 'assumed', allowPrivateAddresses: false } as const
const minute = 60_000

/** What every registry does, whatever database it is on. `location` is of an empty database at every call. */
export function describeRegistry(kind: string, location: () => RegistryLocation): void {
  describe(`registry on ${kind}`, { timeout: 120_000 }, () => {
    let registry: Registry
    let now = Date.UTC(2026, 0, 1)
    const place = { current: null as RegistryLocation | null }
    const site = (path: string) => registry.sites.add({ ...input, url: `https://blog.example/${path}` })

    before(async () => {
      place.current = location()
      registry = await openRegistry({ ...place.current, now: () => now })
    })
    after(() => registry.close())

    describe('sites', () => {
      test('a site gets an id, a secret and a key pair that belong together', async () => {
        const { site: added, webhookSecret } = await registry.sites.add({
          ...input,
          url: 'https://One.example:443/sub?x=1#y',
          origins: ['https://media.one.example', 'https://one.example/'],
        })
        assert.match(added.id, /^[a-z0-9]{16}$/)
        assert.equal(added.url, 'https://one.example/sub/')
        assert.deepEqual(added.origins, ['https://one.example', 'https://media.one.example'])
        assert.match(webhookSecret, /^whsec_[A-Za-z0-9+/]{43}=$/)
        assert.equal(await registry.sites.webhookSecret(added.id), webhookSecret)
        const message = randomBytes(40)
        const signature = sign(null, message, await registry.sites.signingKey(added.id))
        const x = Buffer.from(added.publicKey).toString('base64url')
        const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
        assert.ok(verify(null, message, publicKey, signature))
      })

      test('what was added is found again as it was returned', async () => {
        const { site: added } = await site('found')
        const found = await registry.sites.get(added.id)
        assert.deepEqual({ ...found, publicKey: null }, { ...added, publicKey: null })
        assert.deepEqual(Buffer.from(found?.publicKey ?? []), Buffer.from(added.publicKey))
        assert.ok((await registry.sites.list()).some(({ id }) => id === added.id))
      })

      test('a second site with the same URL is refused', async () => {
        await site('twice')
        await refused('site-exists', site('twice/'))
      })

      test('an unknown site has no key and no secret', async () => {
        assert.equal(await registry.sites.get('aaaaaaaaaaaaaaaa'), null)
        assert.equal(await registry.sites.webhookSecret('aaaaaaaaaaaaaaaa'), null)
        await refused('unknown-site', registry.sites.signingKey('aaaaaaaaaaaaaaaa'))
      })

      for (const url of [
        '',
        'blog.example',
        'ftp://blog.example',
        'https://me:pw@blog.example',
        'javascript:1',
      ]) {
        test(`'${url}' is no site URL`, () => refused('invalid-url', registry.sites.add({ ...input, url })))
      }

      for (const origin of ['https://a.example/path', 'https://a.example/?q', '*', 'null']) {
        test(`'${origin}' is no origin`, () =>
          refused(
            'invalid-origin',
            registry.sites.add({ ...input, url: 'https://o.example', origins: [origin] }),
          ))
      }
    })

    describe('posts', () => {
      test('the latest publication and its assets are found again', async () => {
        const { id } = (await site('posts')).site
        const first = publication(id, 1, ['a', 'b'])
        const recorded = await registry.posts.record(first)
        const { assets, ...post } = first
        assert.deepEqual(recorded, { ...post, publishedAt: new Date(now) })
        assert.deepEqual(await registry.posts.get(id, '12'), recorded)
        assert.deepEqual(await registry.posts.list(id), [recorded])
        assert.deepEqual((await registry.posts.assets(id, '12')).map(comparable), assets.map(comparable))
        const [asset] = assets
        assert.ok(asset)
        assert.deepEqual(await registry.assets.get(asset.id), {
          id: asset.id,
          type: asset.type,
          size: asset.size,
        })
      })

      test('a publication replaces the one before as a whole', async () => {
        const { id } = (await site('replaced')).site
        await registry.posts.record(publication(id, 1, ['a', 'b']))
        await registry.posts.record({ ...publication(id, 2, []), revoked: true })
        assert.equal((await registry.posts.get(id, '12'))?.revoked, true)
        assert.deepEqual(await registry.posts.assets(id, '12'), [])
      })

      test('a version never goes down or stays, and the refused publication leaves nothing', async () => {
        const { id } = (await site('versions')).site
        await registry.posts.record(publication(id, 5, ['a']))
        await refused('stale-version', registry.posts.record(publication(id, 5, ['b', 'c'])))
        await refused('stale-version', registry.posts.record(publication(id, 4, ['b', 'c'])))
        assert.equal((await registry.posts.get(id, '12'))?.version, 5)
        assert.equal((await registry.posts.assets(id, '12')).length, 1)
      })

      test('of publications recorded at the same time with the same version one wins', async () => {
        const { id } = (await site('race')).site
        const results = await Promise.allSettled(
          ['a', 'b', 'c', 'd'].map((letter) => registry.posts.record(publication(id, 1, [letter]))),
        )
        assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
        assert.equal((await registry.posts.assets(id, '12')).length, 1)
      })

      test('an asset of two posts is stored once', async () => {
        const { id } = (await site('shared')).site
        await registry.posts.record({ ...publication(id, 1, ['same']), post: 'x' })
        await registry.posts.record({ ...publication(id, 1, ['same']), post: 'y' })
        assert.equal(
          (await registry.posts.assets(id, 'y'))[0]?.id,
          (await registry.posts.assets(id, 'x'))[0]?.id,
        )
      })

      test('sizes beyond 32 bits survive', async () => {
        const { id } = (await site('large')).site
        const [asset] = publication(id, 1, ['huge']).assets
        assert.ok(asset)
        await registry.posts.record({ ...publication(id, 1, []), assets: [{ ...asset, size: 2 ** 33 }] })
        assert.equal((await registry.assets.get(asset.id))?.size, 2 ** 33)
        assert.equal((await registry.posts.assets(id, '12'))[0]?.size, 2 ** 33)
      })
    })

    describe('connections', () => {
      const verifier = randomBytes(32).toString('base64url')
      const challenge = createHash('sha256').update(verifier).digest('base64url')
      const begin = (url: string) =>
        registry.connections.begin({ ...input, url, returnUrl: `${url}/wp-admin/?a=1`, challenge })

      test('the code and its verifier give a new site once', async () => {
        const code = await begin('https://connect.example/blog')
        const connected = await registry.connections.redeem({ code, verifier })
        assert.equal(connected?.site.url, 'https://connect.example/blog/')
        assert.equal(await registry.sites.webhookSecret(connected.site.id), connected.webhookSecret)
        assert.equal(await registry.connections.redeem({ code, verifier }), null)
      })

      test('of two redeemed at the same time one gets the site', async () => {
        const code = await begin('https://connect-race.example')
        const both = await Promise.all([1, 2].map(() => registry.connections.redeem({ code, verifier })))
        assert.equal(both.filter((one) => one !== null).length, 1)
      })

      test('another verifier gets nothing and uses the code up', async () => {
        const code = await begin('https://thief.example')
        assert.equal(await registry.connections.redeem({ code, verifier: `${verifier}x` }), null)
        assert.equal(await registry.connections.redeem({ code, verifier }), null)
      })

      test('a code is worthless after ten minutes', async () => {
        const [late, early] = [await begin('https://late.example'), await begin('https://early.example')]
        now += 10 * minute - 1
        assert.notEqual(await registry.connections.redeem({ code: early, verifier }), null)
        now += 1
        assert.equal(await registry.connections.redeem({ code: late, verifier }), null)
      })

      test('a site connected again stays the same site, with a new secret and the new consent', async () => {
        const connect = async (consent: 'assumed' | 'required') => {
          const request = {
            ...input,
            consent,
            challenge,
            url: 'https://again.example',
            returnUrl: 'https://again.example/',
          }
          return registry.connections.redeem({ code: await registry.connections.begin(request), verifier })
        }
        const first = await connect('assumed')
        const second = await connect('required')
        assert.ok(first && second)
        assert.equal(second.site.id, first.site.id)
        assert.deepEqual(Buffer.from(second.site.publicKey), Buffer.from(first.site.publicKey))
        assert.equal(second.site.consent, 'required')
        assert.notEqual(second.webhookSecret, first.webhookSecret)
        assert.equal(await registry.sites.webhookSecret(first.site.id), second.webhookSecret)
      })

      test('the code only travels back to the site itself', () =>
        refused(
          'invalid-url',
          registry.connections.begin({ ...input, challenge, returnUrl: 'https://evil.example/' }),
        ))

      test('a challenge that is no SHA-256 is refused', () =>
        refused(
          'invalid-challenge',
          registry.connections.begin({ ...input, challenge: 'plain', returnUrl: input.url }),
        ))

      test('a code nobody was given is refused', async () =>
        assert.equal(await registry.connections.redeem({ code: 'x', verifier }), null))
    })

    describe('events and jobs', () => {
      test('an event is claimed exactly once, however often and fast it comes, and does its job once', async () => {
        const { id } = (await site('events')).site
        const jobs = collectJobs(registry, 'claimed')
        const job = { name: 'claimed', key: 'one', data: { n: 1 } }
        await registry.jobs.work('claimed', 1, jobs.handler)
        const claims = await Promise.all(
          Array.from({ length: 8 }, () => registry.events.claim(id, 'evt_1', job)),
        )
        assert.equal(claims.filter(Boolean).length, 1)
        assert.equal(await registry.events.claim(id, 'evt_1', job), false)
        await registry.events.claim(id, 'evt_2', { ...job, key: 'last', data: { n: 2 } })
        await jobs.until(({ n }) => n === 2)
        assert.deepEqual(jobs.seen, [{ n: 1 }, { n: 2 }])
      })

      test('the same event id of another site is another event', async () => {
        const [a, b] = [await site('event-a'), await site('event-b')]
        const job = { name: 'unworked', key: 'k', data: {} }
        assert.equal(await registry.events.claim(a.site.id, 'evt', job), true)
        assert.equal(await registry.events.claim(b.site.id, 'evt', job), true)
      })

      test('an event whose job cannot be enqueued is not claimed', async () => {
        const { id } = (await site('atomic')).site
        const cyclic: { self?: object } = {}
        cyclic.self = cyclic
        await assert.rejects(registry.events.claim(id, 'evt', { name: 'unworked', key: 'k2', data: cyclic }))
        assert.equal(await registry.events.claim(id, 'evt', { name: 'unworked', key: 'k2', data: {} }), true)
      })

      test('a job that waits is replaced by the next with its key', async () => {
        const jobs = collectJobs(registry, 'replaced')
        await registry.jobs.enqueue({ name: 'replaced', key: 'post', data: { n: 1 } })
        await registry.jobs.enqueue({ name: 'replaced', key: 'post', data: { n: 2 } })
        await registry.jobs.enqueue({ name: 'replaced', key: 'other', data: { n: 3 } })
        await registry.jobs.work('replaced', 1, jobs.handler)
        await jobs.until(({ n }) => n === 3)
        assert.deepEqual(jobs.seen, [{ n: 2 }, { n: 3 }])
      })

      test('jobs of one key never run at the same time', async () => {
        let running = 0
        let most = 0
        const jobs = collectJobs(registry, 'serial')
        const first = Promise.withResolvers<void>()
        await registry.jobs.work('serial', 3, async (job) => {
          most = Math.max(most, ++running)
          if ((job.data as { n: number }).n === 1) await first.promise
          running--
          await jobs.handler(job)
        })
        await registry.jobs.enqueue({ name: 'serial', key: 'post', data: { n: 1 } })
        await registry.jobs.enqueue({ name: 'serial', key: 'free', data: { n: 2 } })
        await jobs.until(({ n }) => n === 2)
        most = 0
        await registry.jobs.enqueue({ name: 'serial', key: 'post', data: { n: 3 } })
        first.resolve()
        await jobs.until(({ n }) => n === 3)
        assert.equal(most, 1)
      })

      test('a job whose handler throws runs again, and counts its attempts', async () => {
        const jobs = collectJobs(registry, 'failing')
        const attempts: number[] = []
        await registry.jobs.work('failing', 1, async (job) => {
          attempts.push(job.attempt)
          if (attempts.length === 1) throw new Error('not yet')
          await jobs.handler(job)
        })
        await registry.jobs.enqueue({ name: 'failing', key: 'k', data: { n: 1 } })
        await jobs.until(({ n }) => n === 1)
        assert.deepEqual(attempts, [0, 1])
      })
    })

    test('stopped and started again, the jobs go on', async () => {
      const jobs = collectJobs(registry, 'restarted')
      const work = () => registry.jobs.work('restarted', 1, jobs.handler)
      await work()
      await registry.jobs.stop()
      await registry.jobs.enqueue({ name: 'restarted', key: 'k', data: { n: 1 } })
      await work()
      await jobs.until(({ n }) => n === 1)
    })

    test('a secret is drawn once and kept under its name', async () => {
      const [a, again, b] = await Promise.all(
        ['ticket', 'ticket', 'token'].map((key) => registry.secret(key)),
      )
      assert.equal(a?.length, 32)
      assert.deepEqual(a, again)
      assert.notDeepEqual(a, b)
    })

    test('opened again, it has everything it had', async () => {
      const { site: kept, webhookSecret } = await site('kept')
      const secret = await registry.secret('kept')
      await registry.posts.record(publication(kept.id, 3, ['a']))
      await registry.close()
      assert.ok(place.current)
      registry = await openRegistry({ ...place.current, now: () => now })
      assert.equal(await registry.sites.webhookSecret(kept.id), webhookSecret)
      assert.equal((await registry.posts.get(kept.id, '12'))?.version, 3)
      assert.deepEqual(Buffer.from(await registry.secret('kept')), Buffer.from(secret))
    })
  })
}

async function refused(code: RegistryErrorCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof RegistryError)
    assert.equal(error.code, code)
    return true
  })
}

function publication(site: string, version: number, assets: readonly string[]): Publication {
  return {
    site,
    post: '12',
    url: 'https://blog.example/?p=12',
    version,
    revoked: false,
    envelope: `{"version":${version}}`,
    assets: assets.map((name) => ({
      id: createHash('sha256').update(name).digest('hex'),
      url: `https://blog.example/${name}.png`,
      type: 'image/png',
      size: 70_000,
      chunkSize: 65_536,
      hashes: Buffer.alloc(64, name),
      etag: `"${name}"`,
      lastModified: null,
    })),
  }
}

function comparable<T extends { readonly hashes: Uint8Array }>(asset: T) {
  return { ...asset, hashes: Buffer.from(asset.hashes).toString('hex') }
}

interface Numbered {
  readonly n: number
}

function collectJobs(registry: Registry, name: string) {
  const seen: Numbered[] = []
  const waiting: (() => void)[] = []
  return {
    seen,
    handler: async ({ data }: { readonly data: unknown }) => {
      seen.push(data as Numbered)
      for (const wake of waiting.splice(0)) wake()
    },
    until: async (isIt: (job: Numbered) => boolean) => {
      while (!seen.some(isIt)) await new Promise<void>((resolve) => waiting.push(resolve))
      assert.equal(registry.jobs.errorCount(), 0, name)
    },
  }
}
