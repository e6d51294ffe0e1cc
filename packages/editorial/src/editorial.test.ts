import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createInsights, type Insights } from '@peerpress/insights'
import { laggingCountry, laggingSiteExports, seedLaggingSite } from '@peerpress/insights/testing'
import { type Brief, openRegistry, type Registry, type Site } from '@peerpress/registry'
import { openStore, type Store } from '@peerpress/store'
import { createEditorial, type Editorial } from './editorial.ts'
import type { CommunitySignal } from './evidence/community-signals.ts'
import { type GardenSite, postPage, publish, registerGarden, startGarden } from './garden-site.testing.ts'

const upload = { date: '2026-01-02', region: null, language: null, by: 'Ada' }

describe('briefs of a seeded site, on a real store, registry and web site', { timeout: 180_000 }, () => {
  let directory: string
  let registry: Registry
  let store: Store
  let insights: Insights
  let editorial: Editorial
  let garden: GardenSite
  let site: Site
  const now = Date.now()
  const signals: CommunitySignal[] = []

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'peerpress-editorial-'))
    registry = await openRegistry({ directory: join(directory, 'registry') })
    store = await openStore({ directory: join(directory, 'store') })
    insights = createInsights({ registry, store, now: () => now })
    const community = { signals: () => Promise.resolve(signals) }
    editorial = createEditorial({ registry, store, insights, community, now: () => now })
    garden = await startGarden()
    site = await registerGarden(registry, garden)
    await seedLaggingSite(store, { site: site.id, now })
    await insights.analyse(site.id)
  })
  after(async () => {
    await editorial.close()
    await store.close()
    await registry.close()
    await garden.close()
    await rm(directory, { recursive: true, force: true })
  })
  const dayBefore = (days: number) => new Date(now - days * 86_400_000).toISOString().slice(0, 10)
  const briefsOf = async () => {
    await editorial.makeBriefs(site.id)
    return registry.briefs.list(site.id)
  }
  const evidenceOf = async (brief: Brief | undefined) => registry.evidence.get(site.id, brief?.facts ?? [])

  test('a region that lags because it is slower gets no brief: it needs a seed, no text', async () => {
    const findings = await insights.findings(site.id)
    const reason = findings.find(({ rule }) => rule === 'lagging-region')?.content.reasons[0]?.kind
    assert.equal(reason, 'slower')
    assert.deepEqual(await briefsOf(), [])
  })

  test('the posts are evidence as the public reads them, without menus and scripts', async () => {
    const posts = await registry.evidence.list(site.id, { sources: ['post'] })
    assert.deepEqual(
      new Set(posts.map(({ title }) => title)),
      new Set(['Building a compost heap', 'Growing tomatoes', 'Pruning roses']),
    )
    for (const { text, language } of posts) {
      assert.equal(language, 'en')
      assert.doesNotMatch(text, /menu|Imprint|alert|[<>]/)
    }
    assert.match(posts.find(({ post }) => post === '101')?.text ?? '', /When to prune roses\n\nPruning needs/)
    assert.equal(garden.requests.length, 3)
    await editorial.makeBriefs(site.id)
    assert.equal(garden.requests.length, 3, 'an unchanged post is not fetched again')
  })

  test('a region that is shown less gets a brief, with local facts first', async () => {
    await insights.importSearch(site.id, {
      recent: { name: 'recent.zip', bytes: laggingSiteExports(now).recent, days: null },
      earlier: { name: 'earlier.zip', bytes: laggingSiteExports(now).earlier, days: null },
    })
    await insights.analyse(site.id)
    const [brief, ...others] = await briefsOf()
    assert.deepEqual(others, [])
    assert.deepEqual([brief?.kind, brief?.region, brief?.rank], ['lagging-region', laggingCountry, 1])
    assert.match(brief?.why ?? '', /Search engines show the site less there/)
    const facts = await evidenceOf(brief)
    assert.ok(facts.length >= 3)
    assert.ok(facts.slice(0, 3).every(({ region }) => region === laggingCountry))
    assert.ok(brief?.outline.some(({ heading }) => heading === 'In France'))
    assert.deepEqual(
      brief?.update.map(({ advice }) => advice),
      ['update', 'update', 'update'],
    )
  })

  test('a planted query without a page is ranked first', async () => {
    const header = 'Top queries,Clicks,Impressions,CTR,Position'
    const rows = [
      'remove moss from roof,2,6000,0.03%,18.4',
      'moss roof remove,0,900,0%,22',
      'pruning roses,40,4000,1%,8',
      'compost heap,1,40,2.5%,9',
    ]
    await insights.importQueries(site.id, {
      name: 'Queries.csv',
      bytes: Buffer.from([header, ...rows].join('\n')),
      days: { firstDay: dayBefore(27), lastDay: dayBefore(0) },
      region: null,
    })
    await editorial.addUpload(site.id, {
      ...upload,
      name: 'notes.md',
      kind: 'text',
      bytes: Buffer.from('# Moss on a roof\n\nWe removed moss from 14 roofs last year, for 380 EUR each.'),
    })
    const [first, second] = await briefsOf()
    assert.deepEqual([first?.kind, second?.kind], ['query-without-page', 'lagging-region'])
    assert.match(first?.question ?? '', /remove moss from roof/)
    // 6,900 impressions × 6.3 % - 2 clicks
    assert.equal(first?.score, 432.7)
    assert.match(first?.why ?? '', /shown 6900 times .* opened 2 times/)
    const facts = await evidenceOf(first)
    assert.deepEqual(new Set(facts.slice(0, 3).map(({ source }) => source)), new Set(['query', 'upload']))
    assert.ok(facts.some(({ text }) => text.includes('380 EUR')))
    const titles = first?.titles ?? []
    assert.equal(titles[0]?.text, 'Remove moss from roof')
    assert.ok(titles.every(({ pixels }) => pixels > 50 && pixels <= 580))
    assert.ok(first?.descriptions.every(({ pixels }) => pixels <= 920))
    assert.equal((await briefsOf())[0]?.id, first?.id)
  })

  test('a question of the community is answered by a brief; a downvote is about its post', async () => {
    const of = { at: new Date(now), language: null, region: null }
    signals.push(
      { ...of, kind: 'question', post: null, text: 'Which shears do you use for old roses?', members: 60 },
      { ...of, kind: 'downvote', post: '103', text: 'It does not say how long it takes.', members: 1 },
    )
    const briefs = await briefsOf()
    const [question] = briefs
    assert.deepEqual([question?.kind, question?.question], ['community-question', signals[0]?.text])
    assert.equal(question?.links[0]?.title, 'Pruning roses')
    const objection = briefs.find(({ why }) => why.includes('how long it takes'))
    assert.deepEqual(
      objection?.update.map(({ post, advice }) => [post, advice]),
      [['103', 'update']],
    )
    signals.length = 0
  })

  test('a changed post is fetched again; a withdrawn one and one that cannot be read are no evidence', async () => {
    garden.pages.set('/post-101/', { body: postPage('Pruning roses in winter', { Frost: 'A rose' }) })
    garden.pages.set('/post-102/', { body: 'PDF', type: 'application/pdf' })
    await publish(registry, site, { post: '101', version: 2 })
    await publish(registry, site, { post: '102', version: 2 })
    await publish(registry, site, { post: '103', version: 2, revoked: true })
    await editorial.makeBriefs(site.id)
    const posts = await registry.evidence.list(site.id, { sources: ['post'] })
    // The text of the last fetch that succeeded stays.
    assert.deepEqual(
      new Set(posts.map(({ title }) => title)),
      new Set(['Growing tomatoes', 'Pruning roses in winter']),
    )
    const failed = await registry.pageTexts.get(site.id, '102')
    assert.match(failed?.failure ?? '', /not HTML/)
    assert.equal(await registry.pageTexts.get(site.id, '103'), null)
  })

  test('an upload of 10 MB is refused, and a page of 10 MB gives no more text than another', async () => {
    const uploaded = (await registry.evidence.list(site.id, { sources: ['upload'] })).length
    const tenMegabytes = Buffer.alloc(10_000_000, 'Moss grows. ')
    for (const kind of ['text', 'table'] as const) {
      const given = { ...upload, name: 'large.txt', kind, bytes: tenMegabytes }
      await assert.rejects(editorial.addUpload(site.id, given), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'bad-upload')
        assert.match(error.message, /large\.txt is larger than 512 KiB\. Upload the part that posts need\./)
        return true
      })
    }
    assert.equal((await registry.evidence.list(site.id, { sources: ['upload'] })).length, uploaded)
    garden.pages.set('/post-101/', {
      body: `<title>Large</title><p>${tenMegabytes.toString()}</p>`,
    })
    await publish(registry, site, { post: '101', version: 9 })
    await editorial.makeBriefs(site.id)
    const posts = await registry.evidence.list(site.id, { sources: ['post'] })
    assert.ok(posts.some(({ title }) => title === 'Growing tomatoes'))
    assert.ok(posts.every(({ text }) => text.length <= 50_000))
  })

  test('a requested list is made by the queue, and a site that is gone is left out', async () => {
    const earlier = await registry.briefs.madeAt(site.id)
    const other = await registerGarden(registry, { url: 'https://gone.example/', posts: [] })
    await registry.sites.remove(other.id)
    await editorial.makeBriefs(other.id)
    const stop = await editorial.work()
    await editorial.requestBriefs(site.id)
    while ((await registry.briefs.madeAt(site.id))?.getTime() === earlier?.getTime()) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    await stop()
    await assert.rejects(editorial.makeAll(AbortSignal.abort(new Error('stopped'))), /stopped/)
    await assert.rejects(
      editorial.addUpload(other.id, { ...upload, name: 'a', kind: 'text', bytes: Buffer.from('a') }),
      { code: 'unknown-site' },
    )
  })
})
