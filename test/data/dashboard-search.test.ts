import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type GoogleServer, googleRow, startGoogle } from '@peerpress/insights/google'
import { launchChromium } from '@peerpress/testbed'
import type { Browser, Page } from 'puppeteer-core'
import { brokenRules } from '../support/browser/broken-rules.ts'
import { openPage } from '../support/browser/dashboard-page.ts'
import { saveNextDownload } from '../support/browser/save-next-download.ts'
import { sampleViews } from '../support/data/sample-views.ts'
import { operatorToken, type ReportServer, startReportServer } from '../support/server/report-server.ts'

const limits = { timeout: 240_000 }
const property = 'sc-domain:garden.example'
const hostile = '<img src=x onerror=alert(1)>\u202e"=cmd()'
const words = ['tea', 'kettle', 'cup', 'garden', 'green', 'mint', 'white', 'iron', 'glass', 'old']

suite('search data in the dashboard', limits, () => {
  let google: GoogleServer
  let server: ReportServer
  let browser: Browser
  let site: string

  before(async () => {
    google = await startGoogle()
    google.properties.set(property, 'siteFullUser')
    google.rows = (_day, dimension) => {
      if (dimension === 'date') return [googleRow('', 400, 9000, 8.4)]
      if (dimension === 'country') return ['gbr', 'usa', 'fra', 'zzz'].map((code, i) => googleRow(code, 90 - 9 * i, 2000))
      if (dimension === 'device') return [googleRow('MOBILE', 250, 6000), googleRow('DESKTOP', 140, 2900)]
      if (dimension === 'page') return [googleRow(`https://garden.example/${'long-'.repeat(30)}`, 80, 900)]
      const rows = words.flatMap((a, i) => words.map((b, j) => googleRow(`${a} ${b}`, 40 - i - j, 90 + i * j, 3 + i)))
      return [googleRow(hostile, 99, 500, 1.5), ...rows]
    }
    server = await startReportServer({ google })
    browser = await launchChromium()
    const input = { url: 'https://garden.example/', consent: 'required', allowPrivateAddresses: false } as const
    site = (await server.registry.sites.add(input)).site.id
    const rows = sampleViews(site, 300, Date.now()).map((row) => JSON.stringify(row))
    await server.store.insertViews(Buffer.from(rows.join('\n')), 'sample')
    await server.registry.channels.add({ site, kind: 'email', target: 'owner@garden.example' })
  }, limits)
  after(async () => {
    await browser?.close()
    await server?.close()
    await google?.close()
  })

  const open = async (path: string) => {
    const opened = await openPage(browser, operatorToken)
    await opened.page.goto(`${server.url}/sites/${site}${path}`)
    return opened
  }
  const textOf = (page: Page) => page.$eval('main', (main) => main.innerText)
  const until = (page: Page, text: string) =>
    page.waitForFunction(
      (wanted: string) => document.querySelector('main')?.innerText.includes(wanted),
      {},
      text,
    )

  test('a person consents, comes back to the settings, and the figures are imported', async () => {
    const { page, complaints } = await open('/settings')
    await page.waitForSelector('form[aria-label="Connect with Google"]')
    const asked = Promise.withResolvers<string>()
    await page.setRequestInterception(true)
    page.on('request', (request) => {
      const isConsent = request.url().startsWith(google.endpoints.authorize)
      if (isConsent) asked.resolve(request.url())
      const done = isConsent
        ? request.respond({ status: 302, headers: { location: google.consent(request.url()).href } })
        : request.continue()
      done.catch(() => undefined)
    })
    await page.click('form[aria-label="Connect with Google"] button')
    assert.match(await asked.promise, /code_challenge_method=S256/)
    await until(page, 'Property: sc-domain:garden.example')
    assert.equal(new URL(page.url()).pathname, `/sites/${site}/settings`)
    assert.ok(!page.url().includes('code='))
    const days = 5
    google.queries.length = 0
    const all = google.rows
    const first = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
    google.rows = (day, dimension) => (day < first ? [] : all(day, dimension))
    await server.searchConsole.importSite(site, new AbortController().signal)
    await page.reload()
    await until(page, 'days were read')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('an address of a consent that nobody began connects nothing', async () => {
    const { page } = await openPage(browser, operatorToken)
    await page.goto(`${server.url}/search-console?code=forged&state=forged`)
    await until(page, 'Nothing was connected.')
    assert.equal(page.url(), `${server.url}/search-console`)
    await page.goto(`${server.url}/search-console?error=access_denied`)
    await until(page, 'Google was given no consent.')
    await page.close()
  })

  test('queries, pages, countries and devices are listed by pages, and a hostile query is text', async () => {
    const { page, complaints } = await open('/search')
    await page.waitForSelector('.search-rows')
    assert.equal(await page.$('.search-rows img'), null)
    assert.ok((await textOf(page)).includes('<img src=x onerror=alert(1)>'))
    assert.match(await textOf(page), /Google reports top rows only and hides rare queries: this list has/)
    const firstOf = () => page.$eval('.search-rows tbody th', (cell) => cell.textContent)
    const earlier = await firstOf()
    await page.locator('::-p-text(Next rows)').click()
    await page.waitForFunction(
      (was: string | null) => document.querySelector('.search-rows tbody th')?.textContent !== was,
      {},
      earlier,
    )
    const saved = await saveNextDownload(page, () =>
      page.locator('button[aria-label="Save “Queries in Google” as CSV"]').click(),
    )
    const lines = saved.bytes.toString().trim().split('\r\n')
    assert.equal(lines.length, 1 + 1 + words.length ** 2)
    assert.ok(lines.some((line) => line.startsWith('"<img src=x')))
    await page.click('.search-rows th:last-child button')
    await page.waitForSelector('.search-rows th:last-child[aria-sort=ascending]')
    await page.select('.performance select', 'COUNTRY')
    await until(page, 'United Kingdom')
    await page.select('.performance select', 'DEVICE')
    await until(page, 'Phone')
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  test('a report is scheduled, and removed', async () => {
    const { page, complaints } = await open('/settings')
    await page.waitForSelector('form[aria-label="Add a report"]')
    await page.click('form[aria-label="Add a report"] input[type=checkbox]')
    await page.click('form[aria-label="Add a report"] button')
    await page.waitForSelector('button[aria-label^="Remove the report"]')
    assert.equal((await server.registry.reportSchedules.of(site)).length, 1)
    assert.deepEqual(await complaints(), [])
    await page.close()
  })

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [360, 768, 1440]) {
      test(`Search and Settings fit ${width} px in the ${theme} theme, and break no rule of accessibility`, async () => {
        for (const path of ['search', 'settings', 'findings']) {
          const { page } = await openPage(browser, operatorToken)
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: theme }])
          await page.setViewport({ width, height: 900 })
          await page.goto(`${server.url}/sites/${site}/${path}`)
          const complete = { search: '.search-rows', settings: '.channels', findings: '.findings' }[path] ?? 'main'
          await page.waitForSelector(complete)
          const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
          assert.ok((widths[0] ?? 0) <= (widths[1] ?? 0), `${path} is ${widths.join(' of ')} px wide`)
          assert.deepEqual(await brokenRules(page), [])
          const folder = process.env['PEERPRESS_SCREENSHOTS'] ?? join(tmpdir(), 'peerpress-screenshots')
          await mkdir(folder, { recursive: true })
          await writeFile(
            join(folder, `${path}-${theme}-${width}.png`),
            await page.screenshot({ fullPage: true }),
          )
          await page.close()
        }
      })
    }
  }
})
