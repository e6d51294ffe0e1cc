import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { weekStart } from '@peerpress/store'
import { launchChromium } from '@peerpress/testbed'
import type { Browser } from 'puppeteer-core'
import { openPage, readRows } from '../support/browser/dashboard-page.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const property = 'sc-domain:garden.example'
const dayMs = 86_400_000

/** The pages that Google shows, with the languages that they name. */
const pages = [
  { post: '1', language: 'en', impressions: 300, clicks: 12 },
  { post: '2', language: 'fr', impressions: 80, clicks: 3 },
  { post: '3', language: 'fr', impressions: 20, clicks: 1 },
  { post: '4', language: null, impressions: 7, clicks: 0 },
]
const urlOf = (post: string) => `https://garden.example/${post}`

suite('the pages Search and Regions', limits, () => {
  const late = new Set<string>()
  const end = weekStart(Date.now())
  /** Figures of 200 days. Before the last 28 of them, French pages were shown twice as often. */
  const days = Array.from({ length: 200 }, (_, i) => {
    const at = end - (i + 1) * dayMs
    const rows = pages.map(({ post, language, impressions, clicks }) => ({
      kind: 'page' as const,
      key: urlOf(post),
      clicks: clicks + (i % 7),
      impressions: (impressions + (i % 7)) * (i >= 28 && language === 'fr' ? 2 : 1),
      position: 3,
    }))
    const total = { kind: 'total' as const, key: '', clicks: 40, impressions: 900, position: 3 }
    const query = { kind: 'query' as const, key: 'garden', clicks: 9, impressions: 90, position: 3 }
    return { day: new Date(at).toISOString().slice(0, 10), rows: [total, query, ...rows] }
  })
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer({ late })
    browser = await launchChromium()
    const { registry, store, insights } = server
    const input = { url: 'https://garden.example/', consent: 'required', allowPrivateAddresses: false } as const
    site = (await registry.sites.add(input)).site.id
    const rows = sampleViews(site, 300, Date.now()).map((row) => JSON.stringify(row))
    await store.insertViews(Buffer.from(rows.join('\n')), 'sample')
    for (const { post, language } of pages) {
      const url = urlOf(post)
      await registry.posts.record({ site, post, url, version: 1, revoked: false, envelope: '{}', assets: [] })
      const content = { title: post, headline: post, description: null, language, sections: [] }
      await registry.pageTexts.record({ site, post, version: 1, url, failure: null, content })
    }
    await registry.searchConnections.connect({ site, kind: 'oauth', account: null, credential: 'refresh' })
    await registry.searchConnections.choose(site, property)
    await registry.searchConnections.recordDays(
      site,
      property,
      days.map(({ day }) => ({ day, isFinal: true })),
    )
    await store.recordSearchDays({ site, property, readAt: new Date(), days })
    await insights.analyse(site)
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Opens a page, and returns the names of the queries that it sends. */
  const open = async (path: string) => {
    const opened = await openPage(browser, operatorToken)
    const asked: string[] = []
    opened.page.on('request', (request) => {
      if (!request.url().endsWith('/graphql')) return
      const { operationName } = JSON.parse(request.postData() ?? '{}') as { operationName?: string }
      asked.push(operationName ?? '')
    })
    await opened.page.goto(`${server.url}/sites/${site}${path}`)
    return { ...opened, asked }
  }

  test('need one query each, beside that of the frame around all pages', async () => {
    for (const [path, complete, name] of [
      ['/search?range=month', '.search-rows', 'Search'],
      ['/regions?range=month', '.map svg path', 'Regions'],
      ['/regions?range=month&country=FR', '.report[aria-busy=false] table', 'Subdivisions'],
    ] as const) {
      const { page, asked, complaints } = await open(path)
      await page.waitForSelector(complete)
      assert.deepEqual(
        asked.filter((each) => each !== 'SiteFrame' && each !== 'SiteSavedViews'),
        [name],
      )
      assert.deepEqual(await complaints(), [])
      await page.close()
    }
  })

  test('the languages of the pages are those of the imported figures, and what changed', async () => {
    const mean = (from: number, to: number, language: string | null, figure: 'clicks' | 'impressions') => {
      const shown = days.slice(from, to).flatMap(({ rows }) =>
        rows.filter(({ key }) =>
          pages.some((each) => urlOf(each.post) === key && each.language === language),
        ),
      )
      return shown.reduce((sum, row) => sum + row[figure], 0) / (to - from)
    }
    const text = (value: number) => value.toLocaleString('en-US', { maximumFractionDigits: 1 })
    const expected = [
      ['English', 'en'],
      ['French', 'fr'],
      ['Not known', null],
    ].map(([name, language]) => {
      const of = language ?? null
      const figures = (figure: 'clicks' | 'impressions') => [
        mean(0, 28, of, figure),
        mean(28, 196, of, figure),
      ]
      const [recent = 0, earlier = 0] = figures('impressions')
      const change = recent / earlier - 1
      return [
        name,
        ...figures('impressions').map(text),
        ...figures('clicks').map(text),
        `${change < 0 ? '−' : '+'}${change === 0 ? '0%' : `${(Math.abs(change) * 100).toFixed(1)}%`}`,
      ]
    })
    assert.equal(expected[1]?.at(-1), '−50.0%')
    const { page, complaints } = await open('/search?range=month')
    const caption = 'Google by language of the pages'
    await page.waitForSelector(`::-p-aria([name="${caption}"][role="table"])`)
    assert.deepEqual(await readRows(page, caption), expected)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('draw the other parts while one of theirs does not answer in time', async () => {
    late.add('searchSums').add('regions')
    const search = await open('/search?range=month')
    await search.page.waitForSelector('.partial::-p-text(Google Search Console could not be loaded)', { visible: true })
    await search.page.waitForSelector('.partial::-p-text(Google by language of the pages could not be loaded)', { visible: true })
    await search.page.waitForSelector('.report[aria-busy=false] table')
    assert.equal((await search.page.$$('.partial')).length, 2)
    assert.equal(await search.page.$('[role=alert]'), null)
    await search.page.close()
    const regions = await open('/regions?range=month')
    await regions.page.waitForSelector('.partial::-p-text(Regions that lag in search could not be loaded)', { visible: true })
    await regions.page.waitForSelector('.map svg path')
    assert.equal((await regions.page.$$('.partial')).length, 1)
    await regions.page.close()
    late.clear()
    late.add('breakdown')
    const { page } = await open('/search?range=month')
    await page.waitForSelector('.search-rows')
    await page.waitForSelector('.partial')
    late.clear()
    await page.close()
  })
})
