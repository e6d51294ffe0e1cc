import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { startPathProxy } from '../support/browser/path-proxy.ts'
import { seedCases } from '../support/community/seed-cases.ts'
import { seedLending } from '../support/community/seed-lending.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { seedBriefs } from '../support/server/seed-briefs.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 300_000 }

/** The pages of a site, and what shows that each is complete. */
const sitePages = [
  { path: '', name: 'Overview', complete: '.u-over' },
  { path: '/delivery', name: 'Delivery', complete: '.report[aria-busy=false] table' },
  { path: '/speed', name: 'Speed', complete: '.report[aria-busy=false] table' },
  { path: '/regions', name: 'Regions', complete: '.report[aria-busy=false] table' },
  { path: '/search', name: 'Search', complete: '.report[aria-busy=false] table' },
  { path: '/posts', name: 'Posts', complete: '.report[aria-busy=false] table' },
  { path: '/findings', name: 'Findings', complete: '.findings' },
  { path: '/write', name: 'Write', complete: '.write .brief' },
  { path: '/alerts', name: 'Alerts', complete: '.budgets' },
  { path: '/community', name: 'Community', complete: '.community .history' },
  { path: '/seeds', name: 'Seeds', complete: '.seeds table' },
  { path: '/connectors', name: 'Connectors', complete: 'main form' },
  { path: '/settings', name: 'Settings', complete: '.settings' },
] as const

suite('the pages of the dashboard', limits, () => {
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const add = async (url: string) =>
      (await server.registry.sites.add({ url, consent: 'required', allowPrivateAddresses: false })).site.id
    await add('https://empty.example/')
    site = await add('https://garden.example/')
    const url = 'https://garden.example/post-101/'
    const post = { site, post: '101', url, version: 1, revoked: false, envelope: '{}', assets: [] }
    await server.registry.posts.record(post)
    const rows = sampleViews(site, 300, Date.now()).map((row) => JSON.stringify(row))
    await server.store.insertViews(Buffer.from(rows.join('\n')), 'sample')
    await seedBriefs(server, site)
    await seedLending(server.registry, site)
    await seedCases(server.registry, site, 'garden.example')
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const open = async (path: string) => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(server.url + path)
    return opened
  }

  test('each opens by its link with the keyboard alone, and keeps the range', async () => {
    const { page, complaints } = await open('/?range=month')
    await press(page, 'garden.example')
    assert.equal((await page.$$('header.banner')).length, 1, 'the banner of the waiting page is gone')
    for (const { path, name, complete } of sitePages) {
      if (name !== 'Overview') await press(page, name)
      await page.waitForSelector(complete)
      assert.equal(page.url(), `${server.url}/sites/${site}${path}?range=month`)
      assert.equal(await page.title(), `${name} · garden.example · PeerPress`)
      assert.equal(await page.$eval('[aria-current=page]', (link) => link.textContent), name)
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'main', `the focus after ${name}`)
    }
    await page.goBack()
    const earlier = sitePages.at(-2)
    await page.waitForSelector(earlier?.complete ?? '')
    assert.equal(await page.$eval('h1', (heading) => heading.textContent), earlier?.name)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('no page is wider than its window, and no rule of accessibility is broken in either theme', async () => {
    const paths = [
      { path: '/?range=month', complete: '.report[aria-busy=false] table' },
      { path: '/sign-in', complete: 'form' },
      { path: '/welcome#code', complete: 'form' },
      { path: '/sites/nosuchsite000000', complete: 'main .panel' },
      { path: '/moderation', complete: '.moderation form' },
      { path: '/accounts', complete: 'main form' },
      ...sitePages.map(({ path, complete }) => ({ path: `/sites/${site}${path}?range=month`, complete })),
      { path: `/sites/${site}/regions?range=month&country=FR`, complete: '.report[aria-busy=false] table' },
      { path: `/sites/${site}/posts?range=month&post=101`, complete: '.report[aria-busy=false] table' },
      { path: `/sites/${site}?range=month&compare=year&country=FR&device=MOBILE`, complete: '.chips' },
      { path: `/sites/${site}?range=last-month`, complete: '.no-views, .u-over' },
      { path: `/sites/${site}/posts?from=2026-05-01&to=2026-05-02`, complete: '.report[aria-busy=false] table' },
    ]
    for (const theme of ['light', 'dark']) {
      const { page } = await openPage(browser, operatorToken)
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
      for (const { path, complete } of paths) {
        await page.goto('about:blank')
        await page.goto(server.url + path)
        await page.waitForSelector(complete)
        for (const width of [1920, 1440, 768, 360]) {
          await page.setViewport({ width, height: 800 })
          // A chart takes a frame to follow.
          const isAsWide = (expected: number) => document.documentElement.scrollWidth === expected
          await page.waitForFunction(isAsWide, {}, width).catch((cause: unknown) => {
            throw new Error(`${path} is not ${width} wide`, { cause })
          })
        }
        assert.deepEqual(await brokenRules(page), [], `${path} in ${theme}`)
      }
      await page.close()
    }
  })

  test('the arrow keys go through the sites without leaving their choice', async () => {
    const { page } = await open(`/sites/${site}/posts?range=week`)
    await page.waitForSelector('header select')
    await page.focus('header select')
    await page.keyboard.press('ArrowDown')
    await page.waitForFunction((own) => !location.pathname.includes(own), {}, site)
    await page.waitForSelector('::-p-text(No post is published yet)', { visible: true })
    assert.match(page.url(), /\/posts\?range=week$/)
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SELECT')
    await page.close()
  })

  test('a link of an earlier release leads to the same site and range', async () => {
    const { page, complaints } = await open(`/#site=${site}&range=week`)
    await page.waitForSelector('.u-over')
    assert.equal(page.url(), `${server.url}/sites/${site}?range=week`)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a link with dates shows the same days whenever and wherever it is opened', async () => {
    await server.registry.sites.configure(site, { timeZone: 'Europe/Berlin' })
    const { page, complaints } = await open(`/sites/${site}?range=week`)
    await page.emulateTimezone('America/Los_Angeles')
    await page.waitForSelector('.u-over')
    await page.click('input[value=days]')
    await page.locator('input[name=from]').fill('2026-10-24')
    await page.locator('input[name=to]').fill('2026-10-26')
    const asked = page.waitForRequest((request) => request.postData()?.includes('2026-10-24') === true)
    await page.keyboard.press('Enter')
    const { variables } = JSON.parse((await asked).postData() ?? '') as { variables: Record<string, unknown> }
    assert.deepEqual(variables['days'], { first: '2026-10-24', last: '2026-10-26' })
    await page.waitForSelector('.report[aria-busy=false]')
    assert.equal(page.url(), `${server.url}/sites/${site}?from=2026-10-24&to=2026-10-26`)
    await page.reload()
    await page.waitForSelector('.report[aria-busy=false]')
    assert.equal(await page.$eval('input[name=from]', (input) => input.value), '2026-10-24')
    await page.locator('input[name=to]').fill('2026-10-23')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.day-fields [role=alert]')
    assert.equal(page.url(), `${server.url}/sites/${site}?from=2026-10-24&to=2026-10-26`)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test("the days of a chart are the site's days, not the reader's", async () => {
    const timeZone = 'Pacific/Kiritimati'
    await server.registry.sites.configure(site, { timeZone })
    const { page } = await openPage(browser, operatorToken)
    await page.emulateTimezone('America/Los_Angeles')
    await page.goto(`${server.url}/sites/${site}?range=month`)
    await page.waitForSelector('.u-over')
    await page.click('summary')
    const days = await page.$$eval('details tbody th', (cells) => cells.map((cell) => cell.textContent))
    const expected = Intl.DateTimeFormat('en-US', { day: 'numeric', month: 'short', timeZone })
    // The newest view of the sample began a minute ago.
    assert.equal(days.at(-1), expected.format(Date.now() - 60_000))
    await page.close()
  })

  test('settings are saved, and a refused one is explained', async () => {
    const { page, complaints } = await open(`/sites/${site}/settings`)
    await page.locator('input[name=name]').fill('The garden')
    await page.select('select[name=timeZone]', 'Asia/Tokyo')
    await save(page, 'Name and days')
    await page.waitForFunction(() => document.title.includes('The garden'))
    await page.click('input[value=SEEDS_ONLY]')
    await page.click('input[value=NOTICE]')
    await save(page, 'Readers who help each other')
    await page.locator('textarea').fill('https://cdn.example\nhttps://img.example')
    await save(page, 'Origins')
    await page.locator('input[name=price]').fill('0,05')
    await page.locator('input[name=currency]').fill('eur')
    await save(page, 'What a gigabyte costs')
    const changed = await server.registry.sites.get(site)
    assert.deepEqual(
      [changed?.name, changed?.timeZone, changed?.mode, changed?.consent],
      ['The garden', 'Asia/Tokyo', 'seeds-only', 'notice'],
    )
    assert.deepEqual(changed?.origins, ['https://garden.example', 'https://cdn.example', 'https://img.example'])
    assert.deepEqual(changed?.savingsRates, { pricePerGigabyte: 0.05, currency: 'EUR', carbonPerGigabyte: null })
    assert.deepEqual(await complaints(), [])

    await page.locator('textarea').fill('https://cdn.example/path')
    await page.locator('::-p-xpath(//form[.//h2="Origins"]//button)').click()
    const alert = await page.waitForSelector('form [role=alert]')
    assert.match((await alert?.evaluate((element) => element.textContent)) ?? '', /an origin is scheme, host and port/)
    assert.equal((await server.registry.sites.get(site))?.origins.length, 3)
    await page.close()
  })

  test('a site or page that does not exist is said to be not found', async () => {
    for (const path of ['/sites/nosuchsite000000', `/sites/${site}/nosuchpage`]) {
      const { page } = await open(path)
      await page.waitForSelector('::-p-text(There is no such page or site here)', { visible: true })
      await page.close()
    }
  })

  test('it works under a path of a proxy', async () => {
    const proxy = await startPathProxy('/reports', server.url)
    try {
      const { page, complaints } = await openPage(browser, operatorToken)
      await page.goto(`${proxy.url}/sites/${site}/regions?range=month`)
      await page.waitForSelector('.report[aria-busy=false] table')
      await page.locator('::-p-text(Posts)').click()
      await page.waitForSelector('::-p-text(/post-101/)', { visible: true })
      assert.equal(page.url(), `${proxy.url}/sites/${site}/posts?range=month`)
      await page.reload()
      await page.waitForSelector('::-p-text(/post-101/)', { visible: true })
      assert.deepEqual(await complaints(), [])
      await page.close()
    } finally {
      proxy.close()
    }
  })
})

/** Tabs to the link of this text and follows it. */
async function press(page: Page, text: string): Promise<void> {
  await page.waitForSelector(`a::-p-text(${text})`, { visible: true })
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => document.activeElement?.textContent ?? '')
    if (focused !== text) continue
    await page.keyboard.press('Enter')
    return
  }
  assert.fail(`no link ${text} within 150 presses of Tab`)
}

/** Saves the settings under a heading, and waits until they are. */
async function save(page: Page, heading: string): Promise<void> {
  const form = `//form[.//h2="${heading}"]`
  await page.locator(`::-p-xpath(${form}//button)`).click()
  await page.waitForSelector(`::-p-xpath(${form}//*[text()="Saved."])`)
}
