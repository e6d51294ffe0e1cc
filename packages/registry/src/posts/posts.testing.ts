import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publication, refused, type SuiteContext } from '../suite.testing.ts'

export function describePosts(context: SuiteContext): void {
  describe('posts', () => {
    test('the latest publication and its assets are found again', async () => {
      const { id } = (await context.site('posts')).site
      const first = publication(id, 1, ['a', 'b'])
      const recorded = await context.registry().posts.record(first)
      const { assets, ...post } = first
      assert.deepEqual(recorded, { ...post, publishedAt: new Date(context.now()) })
      assert.deepEqual(await context.registry().posts.get(id, '12'), recorded)
      const { envelope, ...summary } = recorded
      assert.equal(envelope, first.envelope)
      assert.deepEqual(await context.registry().posts.summary(id, '12'), summary)
      assert.deepEqual(await context.registry().posts.list(id), [summary])
      assert.deepEqual(await context.registry().posts.latest(id), summary)
      assert.equal(await context.registry().posts.assetCount(id, '12'), 2)
      const { posts: together } = context.registry()
      const asked = ['12', 'none', 'bad/id', '\0']
      assert.deepEqual([...(await together.assetCounts(id, asked))], [['12', 2]])
      assert.deepEqual([...(await together.summaries(id, asked))], [['12', await together.summary(id, '12')]])
      assert.deepEqual([...(await together.summaries('not a site', ['12']))], [])
      assert.deepEqual(
        (await context.registry().posts.assets(id, '12')).map(comparable),
        assets.map(comparable),
      )
      const [asset] = assets
      assert.ok(asset)
      assert.deepEqual(await context.registry().assets.get(asset.id), {
        id: asset.id,
        type: asset.type,
        size: asset.size,
      })
    })

    test('a site that has disconnected publishes nothing more, but revokes', async () => {
      const { posts, sites } = context.registry()
      const { id } = (await context.site('disconnected')).site
      await posts.record(publication(id, 1, ['a']))
      await sites.disconnect(id)
      await refused('disconnected', posts.record(publication(id, 2, ['a'])))
      await posts.record({ ...publication(id, 2, []), revoked: true })
      assert.equal((await posts.summary(id, '12'))?.version, 2)
      assert.equal(await posts.latest(id), null)
    })

    test('a post that was never published is not found, nor are assets of it', async () => {
      const { id } = (await context.site('nothing')).site
      const { posts } = context.registry()
      assert.equal(await posts.get(id, '12'), null)
      assert.equal(await posts.summary(id, '12'), null)
      assert.equal(await posts.assetCount(id, '12'), 0)
    })

    test('the hash of a chunk is found, and no hash of a chunk that does not exist', async () => {
      const { id } = (await context.site('hashes')).site
      const hashes = Uint8Array.from({ length: 96 }, (_, i) => i)
      const made = publication(id, 1, ['hashes'])
      const [asset] = made.assets
      assert.ok(asset)
      await context.registry().posts.record({ ...made, assets: [{ ...asset, hashes }] })
      const chunkHash = (of: string, index: number) => context.registry().assets.chunkHash(of, index)
      assert.deepEqual([...((await chunkHash(asset.id, 2)) ?? [])], [...hashes.subarray(64)])
      assert.equal(await chunkHash(asset.id, 3), null)
      assert.equal(await chunkHash('00'.repeat(32), 0), null)
    })

    test('a thousand assets are recorded in their order, and the process does other work meanwhile', async () => {
      const { id } = (await context.site('many')).site
      const names = Array.from({ length: 1000 }, (_, n) => `many ${n}`)
      const many = publication(id, 1, names)
      const [first, second, ...others] = many.assets
      assert.ok(first && second)
      const assets = [
        { ...first, disposition: 'attachment; filename="ü\\".zip"', etag: '"é\\"', lastModified: null },
        { ...first, url: second.url },
        ...others,
      ]
      let turns = 0
      let isRecorded = false
      const turn = () => {
        turns++
        if (!isRecorded) setImmediate(turn)
      }
      setImmediate(turn)
      await context.registry().posts.record({ ...many, assets })
      isRecorded = true
      assert.ok(turns > 4, `${turns} turns of the event loop`)
      const found = await context.registry().posts.assets(id, '12')
      assert.deepEqual(found.map(comparable), assets.map(comparable))
    })

    test('a publication replaces the previous one completely', async () => {
      const { id } = (await context.site('replaced')).site
      await context.registry().posts.record(publication(id, 1, ['a', 'b']))
      await context.registry().posts.record({ ...publication(id, 2, []), revoked: true })
      assert.equal((await context.registry().posts.get(id, '12'))?.revoked, true)
      assert.deepEqual(await context.registry().posts.assets(id, '12'), [])
    })

    test('a publication that does not raise the version is refused and changes nothing', async () => {
      const { id } = (await context.site('versions')).site
      await context.registry().posts.record(publication(id, 5, ['a']))
      await refused('stale-version', context.registry().posts.record(publication(id, 5, ['b', 'c'])))
      await refused('stale-version', context.registry().posts.record(publication(id, 4, ['b', 'c'])))
      assert.equal((await context.registry().posts.get(id, '12'))?.version, 5)
      assert.equal((await context.registry().posts.assets(id, '12')).length, 1)
    })

    test('one of two concurrent publications with the same version is recorded', async () => {
      const { id } = (await context.site('race')).site
      const results = await Promise.allSettled(
        ['a', 'b', 'c', 'd'].map((letter) => context.registry().posts.record(publication(id, 1, [letter]))),
      )
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
      assert.equal((await context.registry().posts.assets(id, '12')).length, 1)
    })

    test('an asset of two posts is stored once', async () => {
      const { id } = (await context.site('shared')).site
      await context.registry().posts.record({ ...publication(id, 1, ['same']), post: 'x' })
      await context.registry().posts.record({ ...publication(id, 1, ['same']), post: 'y' })
      assert.equal(
        (await context.registry().posts.assets(id, 'y'))[0]?.id,
        (await context.registry().posts.assets(id, 'x'))[0]?.id,
      )
    })

    test('the page of a post is found while its latest publication names it', async () => {
      const { id } = (await context.site('snapshots')).site
      const snapshot = { id: 'd'.repeat(64), size: 5000 }
      const { posts, assets } = context.registry()
      await posts.record({ ...publication(id, 1, []), snapshot })
      assert.deepEqual(await assets.get(snapshot.id), { ...snapshot, type: 'text/html' })
      await posts.record({ ...publication(id, 2, []), revoked: true, snapshot: null })
      assert.equal(await assets.get(snapshot.id), null)
    })

    test('an asset that no post has any more is not found, but counts as released for 90 days', async () => {
      const { id } = (await context.site('released')).site
      const { posts, assets } = context.registry()
      const first = publication(id, 1, ['released', 'held'])
      const [released, held] = first.assets.map((asset) => asset.id)
      assert.ok(released !== undefined && held !== undefined)
      const page = { id: 'e'.repeat(64), size: 5000 }
      await posts.record({ ...first, snapshot: page })
      const never = '1'.repeat(64)
      assert.deepEqual(await assets.unnamed([released, held, page.id, never]), [never])
      await posts.record({ ...publication(id, 2, ['held']) })
      assert.equal(await assets.get(released), null)
      assert.notEqual(await assets.get(held), null)
      assert.deepEqual(
        (await assets.unnamed([released, held, page.id])).toSorted(),
        [released, page.id].toSorted(),
      )
      const areReleased = () => Promise.all([released, held, never].map((one) => assets.isReleased(one)))
      await assets.forgetReleased()
      assert.deepEqual(await areReleased(), [true, false, false])
      context.advance(89 * 24 * 3600_000)
      await assets.forgetReleased()
      assert.deepEqual(await areReleased(), [true, false, false])
      await posts.record(publication(id, 3, ['released', 'held']))
      await assets.forgetReleased()
      await posts.record(publication(id, 4, ['held']))
      context.advance(2 * 24 * 3600_000)
      await assets.forgetReleased()
      assert.deepEqual(await areReleased(), [true, false, false])
      context.advance(91 * 24 * 3600_000)
      await assets.forgetReleased()
      assert.deepEqual(await areReleased(), [false, false, false])
      assert.notEqual(await assets.get(held), null)
    })

    test('pictures are found by their addresses without queries, once each, unless their post is revoked', async () => {
      const { posts } = context.registry()
      const { id } = (await context.site('pictures')).site
      const of = (name: string, changes: object) =>
        publication(id, 1, [name]).assets.map((asset) => ({ ...asset, ...changes }))
      const assets = [
        ...of('small', { url: 'https://blog.example/a.png?w=100' }),
        ...of('large', { url: 'https://blog.example/a.png?w=900', size: 90_000 }),
        ...of('film', { url: 'https://blog.example/film.mp4', type: 'video/mp4' }),
      ]
      await posts.record({ ...publication(id, 1, []), assets })
      await posts.record({
        ...publication(id, 1, ['gone']),
        post: 'gone',
        revoked: true,
      })
      const wanted = ['a.png', 'film.mp4', 'gone.png', 'none.png', '\0', '\ud800']
      const found = await posts.pictures(
        id,
        wanted.map((name) => `https://blog.example/${name}`),
      )
      assert.deepEqual(found, [{ url: 'https://blog.example/a.png', size: 90_000, post: '12' }])
      assert.deepEqual(await posts.pictures('\0', wanted), [])
    })

    test('sizes beyond 32 bits survive', async () => {
      const { id } = (await context.site('large')).site
      const [asset] = publication(id, 1, ['huge']).assets
      assert.ok(asset)
      await context
        .registry()
        .posts.record({ ...publication(id, 1, []), assets: [{ ...asset, size: 2 ** 33 }] })
      assert.equal((await context.registry().assets.get(asset.id))?.size, 2 ** 33)
      assert.equal((await context.registry().posts.assets(id, '12'))[0]?.size, 2 ** 33)
    })
  })
}

function comparable<T extends { readonly hashes: Uint8Array }>(asset: T) {
  return { ...asset, hashes: Buffer.from(asset.hashes).toString('hex') }
}
