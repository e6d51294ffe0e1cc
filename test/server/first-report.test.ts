import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, suite, test } from 'node:test'
import { createReader, launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { eventually } from '../support/eventually.ts'
import { type ServerProcess, startServerProcess } from '../support/server/server-process.ts'

const limits = { timeout: 240_000 }
const ada = { name: 'Ada', email: 'ada@example.org', password: 'correct horse battery' }

// After `start`, everything happens in the browser: the tests run in order, and each continues where the one before ended.
suite('from the first start to the first report', limits, () => {
  let server: ServerProcess
  let browser: Browser
  let page: Page
  /** A site without the plugin, and what its owner has put into its page. */
  let host: Server
  let home: string
  let snippet = ''

  before(async () => {
    server = await startServerProcess()
    host = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.end(`<!doctype html><title>Tulips</title>${snippet}<h1>Tulips</h1><p>They are red.`)
    })
    host.listen(0, '127.0.0.1')
    await once(host, 'listening')
    home = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`
    browser = await launchChromium()
    page = await browser.newPage()
  }, limits)
  after(async () => {
    await browser?.close()
    host?.close()
    await server?.close()
  })

  async function viewIsReported(): Promise<void> {
    const [, siteId] = /sites\/(\w+)/.exec(page.url()) ?? []
    const query = `{ site(siteId: "${siteId}") { report(lastDays: 1) { totals { views } } } }`
    const token = await server.token()
    await eventually('the view is in the report', async () => {
      const answer = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      })
      const { data } = await answer.json()
      return data?.site?.report.totals.views > 0 || undefined
    })
  }

  const steps = () =>
    page.$$eval('.first-steps li.done strong', (names) => names.map(({ textContent }) => textContent))

  test('the printed link creates the administrator', async () => {
    const link = server.printed().flatMap((line) => /http:\/\/localhost:\d+\/welcome#\S+/.exec(line) ?? [])[0]
    assert.ok(link, server.printed().join('\n'))
    await page.goto(link)
    await page.waitForSelector('input[name=password]')
    for (const [name, value] of Object.entries(ada)) await page.type(`input[name=${name}]`, value)
    await page.keyboard.press('Enter')
    await page.waitForSelector('form.add-site')
    assert.equal(await page.$eval('h1', ({ textContent }) => textContent), 'Connect your first site')
    assert.deepEqual(await brokenRules(page), [])
  })

  test('an address that is none is explained, and the site is added', async () => {
    await page.type('form.add-site input[name=url]', 'not a site')
    await page.click('form.add-site input[value=ASSUMED]')
    await page.click('form.add-site button[type=submit]')
    await page.waitForSelector('form.add-site [role=alert]')
    await page.$eval('form.add-site input[name=url]', (input) => (input.value = ''))
    await page.type('form.add-site input[name=url]', home)
    await page.click('form.add-site input[name=private]')
    await page.click('form.add-site button[type=submit]')
    await page.waitForSelector('.first-steps')
    assert.match(new URL(page.url()).pathname, /^\/sites\/\w+$/)
    assert.deepEqual(await steps(), ['The site is connected'])
    assert.deepEqual(await brokenRules(page), [])
  })

  test('the snippet is copied, and a page that has it reports its reader', async () => {
    await page.locator('button[aria-label="Copy the snippet"]').click()
    await page.waitForSelector('.copy ::-p-text(Copied.)', { visible: true })
    snippet = await page.$eval('.first-steps pre', ({ textContent }) => textContent)
    const reader = await createReader(browser, { country: '', address: '193.0.6.139' }, home)
    try {
      await reader.read()
      await reader.page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint').length > 0,
      )
      await reader.leave()
      await viewIsReported()
    } finally {
      // Closing a browser drops the beacons that it still sends.
      await reader.close()
    }
  })

  test('the report has the view, and the checklist follows', async () => {
    await page.reload()
    await page.waitForSelector('.first-steps')
    assert.deepEqual(await steps(), ['The site is connected', 'A reader’s view has arrived'])
    const views = await page.$$eval(
      '.figure',
      (figures) =>
        figures.find((figure) => figure.querySelector('dt')?.textContent === 'Views')?.querySelector('dd')
          ?.textContent,
    )
    assert.equal(views, '1')
    await page.goto(new URL('/', page.url()).href)
    await page.waitForSelector('tbody a')
    await page.click('details summary')
    await page.waitForSelector('form.add-site')
    assert.deepEqual(await brokenRules(page), [])
  })
})
