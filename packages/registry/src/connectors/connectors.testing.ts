import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { publication, refused, type SuiteContext } from '../suite.testing.ts'
import { pollQueue } from './connector.ts'

const minute = 60_000
const result = {
  cursor: { etag: '"1"' },
  named: 2,
  requested: 1,
  problems: ['left out'],
  isComplete: true,
} as const

export function describeConnectors(context: SuiteContext): void {
  const add = async (path: string) => {
    const { site } = await context.site(`connector-${path}`)
    const url = `https://blog.example/${path}.xml`
    const { connector } = await context
      .registry()
      .connectors.set({ site: site.id, kind: 'feed', url: `${url}#top` })
    return { site: site.id, id: connector.id, url, connectors: context.registry().connectors }
  }

  describe('connectors', () => {
    test('a feed is polled at once, and a feed that is set again stays the same connector', async () => {
      const { site, id, url, connectors } = await add('feed')
      const polled = Promise.withResolvers<unknown>()
      const stop = await context.registry().jobs.work(pollQueue, 1, async ({ data }) => polled.resolve(data))
      assert.deepEqual(await polled.promise, { connector: id })
      await stop()
      const [first, ...others] = await connectors.of(site)
      assert.deepEqual(others, [])
      const { url: recorded, everyMinutes, dueAt, polls, polledAt, error } = first ?? assert.fail()
      assert.deepEqual(
        [recorded, everyMinutes, dueAt, polls, polledAt, error],
        [url, 15, new Date(context.now()), 0, null, null],
      )
      const again = await connectors.set({ site, kind: 'feed', url, everyMinutes: 60 })
      assert.deepEqual([again.connector.id, again.connector.everyMinutes], [id, 60])
      assert.equal(again.secret, null)
    })

    test('a webhook has a secret, and setting it again draws a new one', async () => {
      const { site } = await context.site('webhook')
      const { connectors } = context.registry()
      const set = () => connectors.set({ site: site.id, kind: 'webhook', url: null })
      const [first, second] = [await set(), await set()]
      assert.match(first.secret ?? '', /^whsec_/)
      assert.notEqual(first.secret, second.secret)
      assert.equal(first.connector.id, second.connector.id)
      assert.equal(await connectors.secretOf(first.connector.id), second.secret)
      assert.equal(first.connector.dueAt, null)
      await connectors.received(first.connector.id)
      assert.deepEqual((await connectors.get(first.connector.id))?.receivedAt, new Date(context.now()))
    })

    test('a poll of the time before the clock was set back does not keep a connector waiting', async () => {
      const { id, connectors } = await add('set-back')
      const day = 24 * 60 * minute
      context.advance(30 * day)
      await connectors.succeeded(id, { ...result, dueAt: new Date(context.now() + 15 * minute) })
      context.advance(-30 * day)
      await connectors.enqueueDue()
      assert.deepEqual((await connectors.get(id))?.dueAt, new Date(context.now()))
      const dueAt = new Date(context.now() + 15 * minute)
      await connectors.succeeded(id, { ...result, dueAt })
      await connectors.enqueueDue()
      assert.deepEqual((await connectors.get(id))?.dueAt, dueAt)
    })

    test('settings that no connector can have are refused', async () => {
      const { id: site } = (await context.site('refused-connectors')).site
      const { connectors } = context.registry()
      const feed = { site, kind: 'feed', url: 'https://blog.example/feed' } as const
      await refused('invalid-url', connectors.set({ ...feed, url: 'https://other.example/feed' }))
      await refused('invalid-url', connectors.set({ ...feed, url: 'feed.xml' }))
      await refused('invalid-url', connectors.set({ ...feed, url: null }))
      for (const everyMinutes of [0, 4, 1441, 5.5, NaN]) {
        await refused('invalid-connector', connectors.set({ ...feed, everyMinutes }))
      }
      await refused('invalid-connector', connectors.set({ site, kind: 'webhook', url: feed.url }))
      await refused(
        'invalid-connector',
        connectors.set({ site, kind: 'webhook', url: null, everyMinutes: 5 }),
      )
      for (const unknown of ['\0', 'a'.repeat(16)])
        await refused('unknown-site', connectors.set({ ...feed, site: unknown }))
      for (let n = 0; n < 20; n++) await connectors.set({ ...feed, url: `${feed.url}/${n}` })
      await refused('too-many-connectors', connectors.set(feed))
      assert.equal((await connectors.of(site)).length, 20)
      await context.registry().sites.disconnect(site)
      await refused('disconnected', connectors.set({ ...feed, url: `${feed.url}/1` }))
    })

    test('records how polls ended; a cut-off poll keeps its number, a failure keeps the cursor', async () => {
      const { id, connectors } = await add('polls')
      const dueAt = new Date(context.now() + minute)
      await connectors.succeeded(id, { ...result, dueAt, isComplete: false })
      assert.equal((await connectors.get(id))?.polls, 0)
      await connectors.succeeded(id, { ...result, dueAt })
      const { polls, cursor, named, requested, problems } = (await connectors.get(id)) ?? assert.fail()
      assert.deepEqual([polls, cursor, named, requested, problems], [1, { etag: '"1"' }, 2, 1, ['left out']])
      context.advance(minute)
      const later = new Date(context.now() + minute)
      await connectors.failed(id, { error: 'timeout\0', dueAt: later })
      const failed = (await connectors.get(id)) ?? assert.fail()
      assert.deepEqual(
        [failed.error, failed.failures, failed.dueAt, failed.cursor, failed.polledAt, failed.succeededAt],
        ['timeout', 1, later, cursor, new Date(context.now()), new Date(context.now() - minute)],
      )
      await connectors.succeeded(id, { ...result, dueAt })
      assert.deepEqual([(await connectors.get(id))?.failures, (await connectors.get(id))?.error], [0, null])
    })

    test('pages are known by their posts, and vanish when a poll does not name them', async () => {
      const { id, connectors } = await add('pages')
      const page = (post: string, hint: string | null = null) => ({
        post,
        url: `https://blog.example/${post}`,
        hint,
      })
      const start = new Date(context.now())
      await connectors.record(id, 1, [
        { ...page('a', '1'), isRequested: true },
        { ...page('b'), isRequested: true },
      ])
      context.advance(minute)
      await connectors.record(id, 2, [{ ...page('a', '2'), isRequested: false }])
      const known = await connectors.known(id, ['a', 'b', 'c'])
      assert.deepEqual(known.get('a'), { ...page('a', '2'), requestedAt: start })
      assert.deepEqual([...known.keys()].toSorted(), ['a', 'b'])
      assert.deepEqual(
        (await connectors.vanished(id, 2, 10)).map(({ post }) => post),
        ['b'],
      )
      assert.equal((await connectors.stale(id, new Date(context.now()), 10)).length, 2)
      await connectors.request(id, ['b'])
      assert.deepEqual(
        (await connectors.stale(id, new Date(context.now()), 10)).map(({ post }) => post),
        ['a'],
      )
      assert.deepEqual(
        (await connectors.recent(id, 1)).map(({ post }) => post),
        ['b'],
      )
    })

    test('a page that is neither named nor published is forgotten', async () => {
      const { site, id, connectors } = await add('forgotten')
      const pages = ['12', '13'].map((post) => ({ post, url: 'https://blog.example/', hint: null }))
      await connectors.record(
        id,
        1,
        pages.map((page) => ({ ...page, isRequested: true })),
      )
      await context.registry().posts.record(publication(site, 1, []))
      context.advance(minute)
      await connectors.forget(id, 2, new Date(context.now()))
      assert.deepEqual([...(await connectors.known(id, ['12', '13'])).keys()], ['12'])
    })

    test('a connector is removed by its own site alone, or with the site', async () => {
      const { site, id, connectors } = await add('removed')
      const other = (await context.site('not-removed')).site.id
      assert.equal(await connectors.remove(other, id), false)
      assert.equal(await connectors.remove(site, '\0'), false)
      assert.equal(await connectors.remove(site, id), true)
      assert.equal(await connectors.get(id), null)
      await connectors.record(id, 1, [{ post: 'a', url: 'https://a/', hint: null, isRequested: true }])
      assert.equal((await connectors.known(id, ['a'])).size, 0)
      const gone = await add('site-removed')
      await context.registry().sites.remove(gone.site)
      assert.equal(await connectors.get(gone.id), null)
      assert.deepEqual(await connectors.of(gone.site), [])
    })

    test('connectors that are due are polled, and others are not', async () => {
      const { id, connectors } = await add('due')
      const later = await add('not-due')
      const polls: string[] = []
      const waiting: (() => void)[] = []
      const until = async (isDone: () => boolean) => {
        while (!isDone()) await new Promise<void>((resolve) => waiting.push(resolve))
      }
      const count = (connector: string) => polls.filter((each) => each === connector).length
      const stop = await context.registry().jobs.work(pollQueue, 1, async ({ data }) => {
        polls.push((data as { connector: string }).connector)
        for (const wake of waiting.splice(0)) wake()
      })
      await until(() => count(id) === 1 && count(later.id) === 1)
      await connectors.succeeded(later.id, { ...result, dueAt: new Date(context.now() + minute) })
      await connectors.enqueueDue()
      await until(() => count(id) === 2)
      await stop()
      assert.equal(count(later.id), 1)
    })
  })
}
