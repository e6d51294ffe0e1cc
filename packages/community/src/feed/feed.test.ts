import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { createCommunity, type Community } from '../community.ts'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { castVote } from '../standing/cast-vote.ts'
import { hotView } from './paths.ts'
import { createStandingOrder } from './standing-order.ts'
import { renderRss } from './syndication.ts'

const day = 86_400_000

suite('the feed', { timeout: 120_000 }, () => {
  let bench: CommunityBench
  let community: Community
  const sites: string[] = []
  const submissions: string[] = []

  before(async () => {
    bench = await openCommunityBench()
    const { registry, ledger, client } = bench
    const now = () => bench.now()
    const views = { count: async () => 100 }
    community = createCommunity({
      registry,
      ledger,
      client,
      now,
      order: createStandingOrder({ registry, views, now }),
      castVote: (vote) => castVote({ registry, ledger, views, now }, vote),
    })
    for (let i = 0; i < 7; i++) {
      const host = `site-${i}.localhost`
      const credentials = await bench.addSite(host)
      bench.installPlugin(host, credentials)
      await community.members.join(credentials.site.id)
      sites.push(credentials.site.id)
      bench.hosts.set(host, (_request, response) => {
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end(`<html lang="de"><title>Of ${host}</title>`)
      })
      if (i < 2) await bench.publish(credentials, '1', `http://${host}:${bench.port}/1/`)
    }
    bench.advance(15 * day)
    for (const site of sites.slice(0, 2)) submissions.push((await community.shares.share(site, '1')).id)
  })
  after(() => bench.close())

  const listed = async (view = hotView, limit = 10) =>
    (await community.feed.list(view, { limit }))?.entries.map(({ post }) => post.id)

  test('a post rises by the votes of member sites that are 15 days old, in RSS too', async () => {
    const [first = '', later = ''] = submissions
    assert.deepEqual(await listed(), [later, first])
    for (const site of sites.slice(2)) {
      await community.vote(site, { submission: first, value: 'up', reason: null })
    }
    assert.deepEqual(await listed(), [first, later])
    assert.deepEqual(await listed({ ...hotView, order: 'new' }), [later, first])
    assert.deepEqual(await listed({ ...hotView, language: 'de' }), [first, later])
    assert.deepEqual(await listed({ ...hotView, language: 'fr' }), [])
    const found = await community.feed.post(first)
    assert.ok(typeof found !== 'string')
    const { upVotes, upWeight, hot } = found.score
    assert.deepEqual([upVotes, upWeight], [5, 2.5])
    assert.ok(hot > 0)
    const page = await community.feed.list(hotView)
    const entries = page?.entries ?? []
    const rss = await renderRss({ view: hotView, origin: 'https://feed.example', entries })
    assert.ok(rss.indexOf('Of site-0') > 0 && rss.indexOf('Of site-0') < rss.indexOf('Of site-1'))
  })

  test('pages follow each other by their cursors, and an invalid cursor is that of no page', async () => {
    const first = await community.feed.list(hotView, { limit: 1 })
    assert.ok(first?.next != null)
    const second = await community.feed.list(hotView, { limit: 1, after: first.next })
    assert.deepEqual(
      [...first.entries, ...(second?.entries ?? [])].map(({ post }) => post.id),
      submissions,
    )
    assert.equal(second?.next, null)
    for (const wrong of ['', 'x', Buffer.from('1 x').toString('base64url'), '\0']) {
      assert.equal(await community.feed.list(hotView, { after: wrong }), null)
    }
  })

  test('a downvote’s reason is for the author, as plain text', async () => {
    const [, later = ''] = submissions
    await community.vote(sites[3] ?? '', {
      submission: later,
      value: 'down',
      reason: '<b>Too</b> \u202Eshort',
    })
    assert.deepEqual(await community.feed.reasonsOf(later, 10), [
      { member: 'site-3.localhost', reason: 'Too short' },
    ])
  })

  test('a member site shows its standing; what a site that left shared is gone', async () => {
    const view = await community.feed.member('site-0.localhost')
    assert.deepEqual([view?.trust, view?.isBanned, view?.entries.length], [0.5, false, 1])
    await community.members.leave(sites[0] ?? '')
    assert.equal(await community.feed.member('site-0.localhost'), null)
    assert.equal(await community.feed.post(submissions[0] ?? ''), 'unknown')
    assert.deepEqual(await listed(), submissions.slice(1))
  })
})
