import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import type { SiteCredentials } from '@peerpress/registry'
import { type CommunityBench, openCommunityBench } from '../community.testing.ts'
import { CommunityError, type CommunityErrorCode } from '../community-error.ts'
import { createMembers } from '../members/members.ts'
import { createModeration } from '../trust/moderation.ts'
import { choosePicture } from './choose-picture.ts'
import { describePage } from './describe-page.ts'
import { createShares, type Shares } from './shares.ts'

suite('shared posts', { timeout: 60_000 }, () => {
  let bench: CommunityBench
  let shares: Shares
  before(async () => {
    bench = await openCommunityBench()
    shares = createShares(bench)
  })
  after(() => bench.close())

  const refused = (code: CommunityErrorCode, site: string, post: string, message = /./) =>
    assert.rejects(shares.share(site, post), (error) => {
      assert.ok(error instanceof CommunityError, String(error))
      assert.equal(error.code, code, error.message)
      assert.match(error.message, message)
      return true
    })

  /** Makes a member site whose posts show the given pages by their paths. */
  async function memberSite(host: string, pages: Readonly<Record<string, string>>): Promise<SiteCredentials> {
    const credentials = await bench.addSite(host)
    bench.installPlugin(host, credentials)
    await createMembers(bench).join(credentials.site.id)
    bench.hosts.set(host, (request, response) => {
      const page = pages[request.url ?? '']
      if (page?.startsWith('to:') === true) response.writeHead(302, { location: page.slice(3) }).end()
      else {
        response
          .writeHead(page === undefined ? 404 : 200, { 'content-type': 'text/html; charset=utf-8' })
          .end(page ?? '')
      }
    })
    return credentials
  }
  const url = (host: string, path: string) => `http://${host}:${bench.port}${path}`

  test('a published post is shared as its public page describes it', async () => {
    const page = `<html lang="de-AT"><title>Brot &amp; <i>Salz</i></title><meta name="description" content="Wie man b\u202Eäckt">
      <meta property="article:tag" content="Brot"><link rel="canonical" href="/brot/">`
    const site = await memberSite('bakery.localhost', { '/?p=1': page })
    const { id } = site.site
    await bench.publish(site, '1', url('bakery.localhost', '/?p=1'))
    const shared = await shares.share(id, '1')
    const { title, summary, language, region, topics, member, picture } = shared
    assert.deepEqual(
      { title, summary, language, region, topics, member, picture },
      {
        title: 'Brot & Salz',
        summary: 'Wie man bäckt',
        language: 'de',
        region: 'AT',
        topics: ['brot'],
        member: 'bakery.localhost',
        picture: null,
      },
    )
    assert.equal(shared.url, url('bakery.localhost', '/brot/'))
    assert.equal((await bench.registry.sharedPosts.get(shared.id))?.isPublic, true)
    const entries = await bench.ledger.read({ member, limit: 10, kinds: ['submission'] })
    const [submission] = entries
    assert.ok(submission?.kind === 'submission')
    assert.equal(submission.body.id, shared.id)
    const texts = await bench.registry.ledger.texts([submission.body.title, submission.body.summary ?? ''])
    assert.deepEqual([...texts.values()].toSorted(), ['Brot & Salz', 'Wie man bäckt'])
    await refused('already-shared', id, '1')

    await createMembers(bench).leave(id)
    assert.equal(await bench.registry.sharedPosts.get(shared.id), null)
    assert.equal((await bench.registry.ledger.texts([submission.body.title])).size, 0)
  })

  test('only a member shares, and only what it has published', async () => {
    const stranger = await bench.addSite('stranger.localhost')
    await bench.publish(stranger, '1', url('stranger.localhost', '/1/'))
    await refused('not-member', stranger.site.id, '1')
    const site = await memberSite('careful.localhost', { '/1/': '<title>One</title>' })
    await refused('not-published', site.site.id, '1')
    await bench.publish(site, '1', url('careful.localhost', '/1/'), true)
    await refused('not-published', site.site.id, '1')
    // A manifest that another site's key signed.
    const foreign = await bench.registry.posts.get(stranger.site.id, '1')
    const forged = { site: site.site.id, post: '1', url: url('careful.localhost', '/1/'), revoked: false }
    await bench.registry.posts.record({
      ...forged,
      version: 99,
      envelope: foreign?.envelope ?? '',
      assets: [],
    })
    await refused('not-published', site.site.id, '1', /not signed with the key of its site/)
  })

  test('a page is read from the member site alone, whatever it redirects to', async () => {
    const pages = {
      '/away/': `to:${url('victim.localhost', '/admin')}`,
      '/metadata/': 'to:http://169.254.169.254/latest/meta-data/',
      '/file/': 'to:file:///etc/passwd',
      '/loop/': 'to:/loop/',
      '/copy/': `<title>Copy</title><link rel="canonical" href="https://original.example/post/">`,
      '/script/': `<title>Script</title><link rel="canonical" href="javascript:alert(1)">`,
    }
    const site = await memberSite('curious.localhost', pages)
    const expected: Readonly<Record<string, CommunityErrorCode>> = {
      '/away/': 'foreign-post',
      '/metadata/': 'foreign-post',
      '/file/': 'foreign-post',
      '/loop/': 'unreadable-post',
      '/copy/': 'foreign-post',
      '/script/': 'foreign-post',
      '/missing/': 'unreadable-post',
    }
    for (const [path, code] of Object.entries(expected)) {
      const post = path.replaceAll('/', '')
      await bench.publish(site, post, url('curious.localhost', path))
      await refused(code, site.site.id, post)
    }
    await bench.publish(site, 'foreign', url('victim.localhost', '/post/'))
    await refused('foreign-post', site.site.id, 'foreign', /not on curious\.localhost/)
    assert.ok(!bench.requests.some((request) => request.startsWith('victim.localhost')))
  })

  test('two requests at once share a post once; many posts in a row are too many', async () => {
    const pages = Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`/${i}/`, `<title>${i}</title>`]))
    const site = await memberSite('busy.localhost', pages)
    for (const path of Object.keys(pages)) {
      await bench.publish(site, path.replaceAll('/', ''), url('busy.localhost', path))
    }
    const both = await Promise.allSettled([shares.share(site.site.id, '0'), shares.share(site.site.id, '0')])
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    for (let post = 1; post < 12; post++) await shares.share(site.site.id, String(post))
    await refused('too-many', site.site.id, '12', /Try again in \d+ minutes/)
    bench.advance(2 * 3_600_000)
    assert.equal((await shares.share(site.site.id, '12')).title, '12')
    const range = { member: 'busy.localhost', kinds: ['submission'], limit: 100 }
    assert.equal((await bench.ledger.read(range)).length, 13)
  })

  test('a hidden post stays hidden if its site leaves, joins again and shares it again, and it can appeal', async () => {
    const host = 'evading.localhost'
    const credentials = await memberSite(host, {
      '/1/': '<title>Hidden</title>',
      '/2/': '<title>Other</title>',
    })
    const { site } = credentials
    await bench.publish(credentials, '1', url(host, '/1/'))
    await bench.publish(credentials, '2', url(host, '/2/'))
    const moderation = createModeration(bench)
    const first = await shares.share(site.id, '1')
    await moderation.decide({ submission: first.id, action: 'hide', reason: 'It is spam.', by: 'operator' })
    const answer = bench.hosts.get(host)
    const again = async () => {
      await createMembers(bench).leave(site.id)
      bench.installPlugin(host, credentials)
      await createMembers(bench).join(site.id)
      if (answer !== undefined) bench.hosts.set(host, answer)
      return shares.share(site.id, '1')
    }
    const isVisible = async (id: string) =>
      (await bench.ledger.transaction(({ standing }) => standing.post(id)))?.isVisible
    const second = await again()
    assert.equal(await isVisible(second.id), false)
    assert.equal(await isVisible((await shares.share(site.id, '2')).id), true)
    const { decisions } = await moderation.caseOf(second.id)
    assert.deepEqual([...(await moderation.texts([decisions[0]?.reason ?? ''])).values()], ['It is spam.'])
    await moderation.appeal({ member: host, submission: second.id, text: 'It is not.' })
    await moderation.decide({
      submission: second.id,
      action: 'restore',
      reason: 'It is not.',
      by: 'operator',
    })
    assert.equal(await isVisible(second.id), true)
    assert.equal(await isVisible((await again()).id), true)
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
  })

  test('a banned site shares and reports nothing until the ban ends', async () => {
    const host = 'banned.localhost'
    const credentials = await memberSite(host, { '/1/': '<title>Banned</title>' })
    const { id } = credentials.site
    await bench.publish(credentials, '1', url(host, '/1/'))
    const other = await memberSite('reported.localhost', { '/1/': '<title>Reported</title>' })
    await bench.publish(other, '1', url('reported.localhost', '/1/'))
    const { id: submission } = await shares.share(other.site.id, '1')
    const moderation = createModeration(bench)
    const decision = { member: host, reason: 'A ring.', by: 'operator' } as const
    await moderation.bans.decide({ ...decision, action: 'ban' })
    await refused('banned', id, '1', /can appeal/)
    const report = { member: host, submission, reason: 'spam', text: null } as const
    await assert.rejects(moderation.report(report), { code: 'banned' })
    await moderation.bans.decide({ ...decision, action: 'unban' })
    await shares.share(id, '1')
    await moderation.report(report)
  })

  test('two servers that share a post at once append it once', async () => {
    const site = await memberSite('twice.localhost', { '/1/': '<title>Twice</title>' })
    await bench.publish(site, '1', url('twice.localhost', '/1/'))
    const servers = [createShares(bench), createShares(bench)]
    const both = await Promise.allSettled(servers.map((server) => server.share(site.site.id, '1')))
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected'])
    const range = { member: 'twice.localhost', kinds: ['submission'], limit: 10 }
    assert.equal((await bench.ledger.read(range)).length, 1)
    assert.deepEqual((await bench.registry.ledger.verify()).problems, [])
  })
})

test('a page without a title is named by its address; odd languages and topics are left out', () => {
  const nothing = { title: null, description: null, picture: null, canonical: null, topics: [] }
  const page = new URL('https://blog.example/a/')
  const of = (about: { language: string | null; locale: string | null }) => {
    const { language, region } = describePage({ ...nothing, ...about }, page)
    return [language, region]
  }
  assert.equal(describePage({ ...nothing, language: null, locale: null }, page).title, 'blog.example/a/')
  assert.deepEqual(of({ language: 'en', locale: 'en_GB' }), ['en', 'GB'])
  assert.deepEqual(of({ language: 'zh-Hant-TW', locale: null }), ['zh', 'TW'])
  assert.deepEqual(of({ language: 'es-419', locale: null }), ['es', null])
  assert.deepEqual(of({ language: '"><script>', locale: 'x'.repeat(9999) }), [null, null])
  assert.deepEqual(of({ language: 'und', locale: null }), [null, null])
  const topics = ['Bread', 'bread ', '<b>', '', 'a', 'b', 'c', 'd', 'e']
  const described = describePage({ ...nothing, topics, language: null, locale: null }, page)
  assert.deepEqual(described.topics, ['bread', 'a', 'b', 'c', 'd'])
})

test('a picture is small, without scripts, and of the post itself', () => {
  const asset = (id: string, type: string, size: number) => ({
    id,
    type,
    size,
    url: `https://blog.example/${id}`,
  })
  const assets = [
    asset('svg', 'image/svg+xml', 10),
    asset('big', 'image/jpeg', 300_001),
    asset('one', 'image/jpeg', 300_000),
    asset('two', 'image/webp', 10),
  ]
  assert.equal(choosePicture(assets, 'https://blog.example/two'), 'two')
  assert.equal(choosePicture(assets, 'https://tracker.example/pixel.png'), 'one')
  assert.equal(choosePicture(assets, 'https://blog.example/big'), 'one')
  assert.equal(choosePicture(assets.slice(0, 2), null), null)
})
