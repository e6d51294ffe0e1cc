import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

suite('the page of connectors', { timeout: 120_000 }, () => {
  let server: ReportServer
  let browser: Browser
  let page: Page
  let siteId: string

  before(async () => {
    server = await startReportServer()
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'assumed', allowPrivateAddresses: false } as const
    siteId = (await server.registry.sites.add(input)).site.id
    page = await browser.newPage()
    await page.setViewport({ width: 360, height: 800 })
    await page.evaluateOnNewDocument((token) => {
      sessionStorage.setItem('peerpress-operator-token', token)
    }, operatorToken)
    await page.goto(`${server.url}/sites/${siteId}/connectors`)
    await page.waitForSelector('form')
  })
  after(async () => {
    await browser?.close()
    await server?.close()
  })

  const press = (text: string) => page.locator(`button::-p-text(${text})`).click()
  const shown = (text: string) => page.waitForSelector(`main ::-p-text(${text})`, { visible: true })
  const connectors = () => server.registry.connectors.of(siteId)

  test('says what a site without connectors needs, and why an address is refused', async () => {
    await shown('WordPress with the plugin needs nothing here')
    await page.locator('input[name=url]').fill('https://other.example/feed.xml')
    await press('Add')
    await shown('the feed is not on an origin of the site')
    assert.deepEqual(await connectors(), [])
  })

  test('adds a feed by its path, and shows what its last poll did', async () => {
    await page.locator('input[name=url]').fill('/feed.xml')
    await press('Add')
    await shown('It has not been polled yet.')
    const [feed] = await connectors()
    assert.equal(feed?.url, 'https://garden.example/feed.xml')
    const dueAt = new Date(Date.now() + 900_000)
    const url = 'https://garden.example/one/'
    await server.registry.connectors.record(feed.id, 1, [{ post: 'u~one', url, hint: null, isRequested: true }])
    await server.registry.outcomes.record({
      site: siteId,
      post: 'u~one',
      result: 'failed',
      code: 'timeout',
      message: 'no end in time',
    })
    const problems = ['Entries on other origins were left out: 2.']
    const result = { cursor: {}, named: 1, requested: 1, problems, dueAt, isComplete: true }
    await server.registry.connectors.succeeded(feed.id, result)
    await page.reload()
    await shown('1 page was named, 1 page was read.')
    await shown('Entries on other origins were left out: 2.')
    await page.click('summary')
    const row = await page.$eval('details tbody tr', (element) => element.textContent)
    assert.match(row, /^\/one\/.*Failedno end in time$/)
    await server.registry.connectors.failed(feed.id, { error: 'The feed responded with status 404.', dueAt })
    await page.reload()
    await shown('The feed responded with status 404.')
  })

  test('shows the secret of a webhook once, and draws a new one', async () => {
    await page.click('input[value=WEBHOOK]')
    await press('Add')
    await shown('Set up the webhook in your CMS now')
    const secretOnPage = () => page.$$eval('dd code', (codes) => codes.at(-1)?.textContent ?? '')
    const webhook = (await connectors()).find(({ kind }) => kind === 'webhook') ?? assert.fail()
    const first = await server.registry.connectors.secretOf(webhook.id)
    assert.equal(await secretOnPage(), first)
    const [address] = await page.$$eval('dd code', (codes) => codes.map((code) => code.textContent))
    assert.equal(address, `${server.url}/v1/sites/${siteId}/connectors/${webhook.id}/events`)
    await press('I have copied it')
    await page.waitForFunction((secret) => !document.body.textContent.includes(secret), {}, first ?? '')
    await press('New secret')
    await shown('Set up the webhook in your CMS now')
    assert.notEqual(await secretOnPage(), first)
  })

  test('removes a connector, and nothing is wider than a phone', async () => {
    await page.$$eval('details', (all) => {
      for (const one of all) one.open = true
    })
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    assert.equal(width, 360)
    const earlier = await connectors()
    await press('Remove')
    await page.waitForFunction(
      (count) => document.querySelectorAll('section[aria-label]').length === count - 1,
      {},
      earlier.length,
    )
    assert.equal((await connectors()).length, earlier.length - 1)
  })
})
